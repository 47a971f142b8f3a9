import { decodeBase64 } from '../decode-media.ts';
import { brokenRule, brokenRules, type Violation } from '../violation.ts';
import type { ContentBlock } from './content-schema.ts';
import { checkConversation } from './conversation-rules.ts';
import { checkModelRules, NEWEST_VERSION } from './model-rules.ts';
import { checkOutputSchema } from './output-schema-rules.ts';
import type { CountTokensRequest, MessagesRequest } from './schema.ts';

const MAX_CACHE_MARKS = 4;

/** What the headers of a request allow. */
export interface Terms {
  readonly version: string;
  readonly betas: readonly string[];
}

/** The rules between the fields of a request, as the API of the version enforces them. */
export function checkMessages(body: MessagesRequest, terms: Terms): readonly Violation[] {
  return [
    ...checkShared(body, terms),
    ...checkConversation(body.messages),
    ...checkModelRules(body, terms.version),
    ...checkThinking(body),
    ...checkEnd(body),
    ...checkStops(body),
    ...(body.output_config?.format ? checkOutputSchema(body.output_config.format.schema) : []),
    ...(body.max_tokens === 0 && terms.version !== NEWEST_VERSION
      ? [brokenRule(['max_tokens'], 'max_tokens: Input should be greater than or equal to 1')]
      : []),
  ];
}

/** The rules that counting shares with generating. */
export function checkShared(body: CountTokensRequest, { version, betas }: Terms): readonly Violation[] {
  const violations: Violation[] = [];
  if (betas.length === 0) {
    for (const field of ['context_management', 'mcp_servers'] as const) {
      if (body[field] !== undefined) {
        violations.push({ path: [field], kind: 'unknown', message: `${field}: Extra inputs are not permitted` });
      }
    }
  }
  if (body.tool_choice && !body.tools?.length) {
    violations.push(brokenRule(['tool_choice'], 'tool_choice may only be specified while providing `tools`.'));
  }
  const mayInterrupt = version === NEWEST_VERSION || betas.some((beta) => beta.startsWith('mid-conversation-'));
  if (!mayInterrupt && body.messages.some(({ role }) => role === 'system')) {
    violations.push(
      brokenRule(
        ['messages'],
        'messages: Unexpected role "system". The Messages API accepts a top-level `system` parameter.',
      ),
    );
  }
  return [...violations, ...checkTools(body), ...checkBlocks(body, version), ...checkCacheMarks(body)];
}

function checkTools({ tools = [], tool_choice: choice }: CountTokensRequest): Violation[] {
  const names = tools.map((tool) => tool.name);
  const repeated = names.filter((name, index) => names.indexOf(name) !== index);
  const violations = repeated.length > 0 ? [brokenRule(['tools'], 'tools: Tool names must be unique.')] : [];
  if (choice?.type !== 'tool' || names.includes(choice.name)) return violations;
  return [...violations, brokenRule(['tool_choice'], `Tool '${choice.name}' not found in provided tools`)];
}

function checkThinking(body: MessagesRequest): Violation[] {
  const { thinking, tool_choice: choice, temperature = 1 } = body;
  if (thinking?.type !== 'enabled') return [];
  return [
    ...brokenRules([
      [
        thinking.budget_tokens >= body.max_tokens,
        ['max_tokens'],
        '`max_tokens` must be greater than `thinking.budget_tokens`.',
      ],
      [
        choice?.type === 'any' || choice?.type === 'tool',
        ['tool_choice'],
        'Thinking may not be enabled when tool_choice forces tool use.',
      ],
      [temperature !== 1, ['temperature'], '`temperature` may only be set to 1 when thinking is enabled.'],
      [body.top_k !== undefined, ['top_k'], '`top_k` must be unset when thinking is enabled.'],
    ]),
    ...checkThoughtsKept(body),
  ];
}

/** Within a loop of tools, the turn of the assistant still begins with the thoughts that led to the calls. */
function checkThoughtsKept({ messages }: MessagesRequest): Violation[] {
  const turn = messages.findLastIndex(({ role }) => role === 'assistant');
  const content = messages[turn]?.content;
  if (typeof content !== 'object' || !content.some(({ type }) => type === 'tool_use')) return [];
  if (!answersTools(messages.at(-1)?.content)) return [];
  const first = content[0]?.type ?? '';
  if (first === 'thinking' || first === 'redacted_thinking') return [];
  return [
    brokenRule(
      ['messages', turn, 'content', 0, 'type'],
      `messages.${turn}.content.0.type: Expected \`thinking\` or \`redacted_thinking\`, but found \`${first}\`. When \`thinking\` is enabled, a final \`assistant\` message must start with a thinking block (preceeding the lastmost set of \`tool_use\` and \`tool_result\` blocks).`,
    ),
  ];
}

function answersTools(content: string | readonly ContentBlock[] | undefined): boolean {
  return typeof content === 'object' && content.some(({ type }) => type === 'tool_result');
}

function checkEnd({ messages, thinking }: MessagesRequest): Violation[] {
  const last = messages.at(-1);
  if (last?.role !== 'assistant') return [];
  const ending = endingOf(last.content);
  const thinks = thinking?.type === 'enabled' || thinking?.type === 'adaptive';
  return brokenRules([
    [thinks, ['messages'], 'When thinking is enabled, the conversation must not end with an assistant message.'],
    [
      ending !== ending.trimEnd(),
      ['messages'],
      'messages: final assistant content cannot end with trailing whitespace',
    ],
  ]);
}

function endingOf(content: string | readonly ContentBlock[]): string {
  if (typeof content === 'string') return content;
  const last = content.at(-1);
  return last?.type === 'text' ? last.text : '';
}

function checkStops({ stop_sequences: stops = [] }: MessagesRequest): Violation[] {
  return stops.flatMap((stop, index) =>
    stop.trim() === ''
      ? [brokenRule(['stop_sequences', index], 'stop_sequences: each stop sequence must contain non-whitespace')]
      : [],
  );
}

function checkBlocks({ messages }: CountTokensRequest, version: string): Violation[] {
  return messages.flatMap(({ role, content }, turn) =>
    typeof content === 'string'
      ? []
      : content.flatMap((block, position) => {
          const path = ['messages', turn, 'content', position];
          return [...checkSource(block, path), ...(version === NEWEST_VERSION ? checkNewest(block, role, path) : [])];
        }),
  );
}

function checkSource(block: ContentBlock, path: (string | number)[]): Violation[] {
  if (block.type !== 'image' && block.type !== 'document') return [];
  const { source } = block;
  if (source.type === 'base64' && decodeBase64(source.data) === null) {
    return [brokenRule([...path, 'source', 'base64'], `${path.join('.')}.source.base64.data: invalid base64 data`)];
  }
  if (source.type === 'url' && !source.url.startsWith('https://')) {
    return [brokenRule([...path, 'source', 'url'], 'Only HTTPS URLs are supported.')];
  }
  return [];
}

function checkNewest(block: ContentBlock, role: string, path: (string | number)[]): Violation[] {
  if (block.type === 'document' && role === 'assistant') {
    return [brokenRule(path, '`document` blocks are not permitted in `assistant` messages')];
  }
  if (block.type === 'text' && role === 'user' && block.citations?.length) {
    return [brokenRule([...path, 'citations'], '`citations` are not permitted on text in `user` messages')];
  }
  return [];
}

/** At most four marks, counted over tools, system and messages. */
function checkCacheMarks(body: CountTokensRequest): Violation[] {
  const text = JSON.stringify([body.tools, body.system, body.messages]);
  const count = [...text.matchAll(/"cache_control":\{/g)].length;
  if (count <= MAX_CACHE_MARKS) return [];
  return [brokenRule([], `A maximum of ${MAX_CACHE_MARKS} blocks with cache_control may be provided. Found ${count}.`)];
}
