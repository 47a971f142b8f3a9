import type Anthropic from '@anthropic-ai/sdk';

type Request = Anthropic.Beta.MessageCreateParamsStreaming;
type Turn = Anthropic.Beta.BetaMessageParam;

/** The headers that Claude Code 2.1 sends beside those of its SDK. */
export const CLAUDE_CODE_HEADERS: Readonly<Record<string, string>> = {
  'user-agent': 'claude-cli/2.1.329 (external, sdk-cli)',
  'x-app': 'cli',
  'x-claude-code-session-id': '52ce63c8-7be2-4a8e-926f-dc56dcedf367',
  'anthropic-dangerous-direct-browser-access': 'true',
};

/** What it asks for in `anthropic-beta`. */
export const CLAUDE_CODE_BETAS: readonly string[] = [
  'claude-code-20250219',
  'interleaved-thinking-2025-05-14',
  'context-management-2025-06-27',
  'per-turn-control-2026-07-01',
  'mid-conversation-tool-changes-2026-07-01',
  'thinking-token-count-2026-05-13',
  'advanced-tool-use-2025-11-20',
  'effort-2025-11-24',
];

/** The texts with which it begins; its own tools are longer, which a small model on a CPU would take minutes to read. */
const GUIDANCE = 'Work step by step, say what you do, and ask before anything is deleted. '.repeat(6);
const ephemeral = { type: 'ephemeral' } as const;

/** The first turn: what stands in its folder, then what the user wants. */
export function claudeCodeOpening(wish: string): readonly Turn[] {
  const reminder = `<system-reminder>\nAs you answer, you can use this context: ${GUIDANCE}\n</system-reminder>`;
  const late = `The user has set the effort of this session. ${GUIDANCE}`;
  return [
    {
      role: 'user',
      content: [
        { type: 'text', text: reminder },
        { type: 'text', text: wish },
      ],
    },
    {
      role: 'system',
      content: [{ type: 'text', text: late, cache_control: ephemeral }],
      output_config: { effort: 'medium' },
    },
  ];
}

/** A request with every field that Claude Code 2.1 sends, in the shape that was recorded of it. */
export function claudeCodeRequest(model: string, messages: readonly Turn[], changes: Partial<Request> = {}): Request {
  return {
    model,
    messages: [...messages],
    system: [
      { type: 'text', text: 'x-anthropic-billing-header: cc_version=2.1.329.1f0; cc_entrypoint=sdk-cli; cch=00000;' },
      { type: 'text', text: 'You are an agent that works on source code.', cache_control: ephemeral },
      { type: 'text', text: GUIDANCE, cache_control: ephemeral },
    ],
    tools: [...tools],
    metadata: { user_id: `user_${'0f'.repeat(32)}_account__session_52ce63c8-7be2-4a8e-926f-dc56dcedf367` },
    max_tokens: 32_000,
    thinking: { type: 'adaptive', display: 'omitted' },
    context_management: { edits: [{ type: 'clear_thinking_20251015', keep: 'all' }] },
    output_config: { effort: 'high' },
    stream: true,
    ...changes,
  };
}

const text = (description: string): object => ({ type: 'string', description });

function tool(name: string, properties: Readonly<Record<string, object>>, required: string[]): Anthropic.Beta.BetaTool {
  const schema = 'https://json-schema.org/draft/2020-12/schema';
  return {
    name,
    description: `${name} does one thing. ${GUIDANCE}`,
    input_schema: { $schema: schema, type: 'object', properties, required, additionalProperties: false },
  };
}

const number = { type: 'integer', exclusiveMinimum: 0, maximum: 9_007_199_254_740_991 };

const tools: readonly Anthropic.Beta.BetaTool[] = [
  tool('Agent', { description: text('3 to 5 words'), prompt: text('The task') }, ['description', 'prompt']),
  tool('Bash', { command: text('What to run'), timeout: { type: 'number', description: 'ms' } }, ['command']),
  tool('Edit', { file_path: text('Absolute'), replace_all: { type: 'boolean', default: false } }, ['file_path']),
  tool('Glob', { pattern: text('Such as **/*.ts') }, ['pattern']),
  tool('Grep', { pattern: text('Regular expression'), '-A': number, '-i': { type: 'boolean' } }, ['pattern']),
  tool('Read', { file_path: text('Absolute'), limit: number, offset: number }, ['file_path']),
  tool('TodoWrite', { todos: { type: 'array', minItems: 1, items: todo() } }, ['todos']),
  tool('WebFetch', { url: { type: 'string', format: 'uri' }, prompt: text('What to look for') }, ['url', 'prompt']),
  tool('Write', { file_path: text('Absolute'), content: text('All of it') }, ['file_path', 'content']),
  tool('get_weather', { city: text('Its name') }, ['city']),
];

function todo(): object {
  const status = { type: 'string', enum: ['pending', 'in_progress', 'completed'] };
  const properties = { content: { type: 'string', minLength: 1 }, status };
  return { type: 'object', properties, required: ['content', 'status'], additionalProperties: false };
}
