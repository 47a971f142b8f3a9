import { GatewayError, ReasoningEffort } from '@penstock/contracts';
import type { CanonicalRequest, OutputFormat, ReasoningRequest } from '../canonical/canonical-request.ts';
import type { Json, JsonObject } from '../canonical/json.ts';
import { InputReader } from './decode-input.ts';
import { decodeTools, decodeToolChoice } from './decode-tools.ts';
import { present } from './json-fields.ts';
import { refuseStoredState } from './refuse-stored-state.ts';
import {
  arrayField,
  booleanField,
  integerField,
  missing,
  numberField,
  objectField,
  requiredString,
  stringField,
  wordField,
} from './request-fields.ts';

/** Fields that a response repeats. */
const ECHOED = [
  'instructions',
  'max_output_tokens',
  'max_tool_calls',
  'metadata',
  'parallel_tool_calls',
  'prompt_cache_key',
  'prompt_cache_retention',
  'reasoning',
  'safety_identifier',
  'service_tier',
  'temperature',
  'text',
  'tool_choice',
  'tools',
  'top_logprobs',
  'top_p',
  'truncation',
  'user',
] as const;

/**
 * Fields that the canonical form holds, or that say nothing to a model: where to store (which is nowhere), how to pad the
 * stream, and what a client tells itself.
 */
const KNOWN: ReadonlySet<string> = new Set([
  ...ECHOED.filter((name) => name !== 'max_tool_calls' && name !== 'prompt_cache_retention' && name !== 'truncation'),
  'background',
  'client_metadata',
  'conversation',
  'include',
  'input',
  'model',
  'previous_response_id',
  'prompt',
  'store',
  'stream',
  'stream_options',
]);

/** Reads a request of a Responses client. Throws GatewayError with `param`. */
export function decodeRequest(body: JsonObject): CanonicalRequest {
  refuseStoredState(body);
  const model = requiredString(body, 'model');
  const input = decodeInput(body);
  const include = arrayField(body, 'include') ?? [];
  const format = objectField(body, 'text') ?? {};
  return {
    dialect: 'openai-responses',
    model,
    stream: booleanField(body, 'stream') ?? false,
    includeUsage: true,
    ...input,
    ...decodeOptions(body, include),
    output: decodeOutputFormat(format),
    ...present({ verbosity: stringField(format, 'verbosity', 'text') }),
    extra: extraOf(body),
    answer: { encryptedReasoning: include.includes('reasoning.encrypted_content'), echo: echoOf(body) },
  };
}

function decodeInput(body: JsonObject): Pick<CanonicalRequest, 'system' | 'turns' | 'tools'> {
  const reader = new InputReader();
  const input = body['input'] ?? missing('input');
  if (typeof input === 'string') reader.addText(input, 'input');
  else for (const [index, item] of (arrayField(body, 'input') ?? []).entries()) reader.add(item, `input[${index}]`);
  const { system, turns, tools } = reader.result();
  const instructions = stringField(body, 'instructions');
  if (turns.length === 0 && system.length === 0 && !instructions) {
    throw new GatewayError('invalid_request', "'input' must hold at least one item.", { param: 'input' });
  }
  const first = instructions
    ? [{ type: 'text', text: instructions, origin: 'instructions', path: 'instructions' } as const]
    : [];
  return {
    system: [...first, ...system],
    turns,
    tools: [...decodeTools(arrayField(body, 'tools') ?? [], 'tools'), ...tools],
  };
}

function decodeOptions(body: JsonObject, include: readonly Json[]): Partial<CanonicalRequest> {
  const topLogprobs = integerField(body, 'top_logprobs', 0);
  const wantsLogprobs = include.includes('message.output_text.logprobs') || (topLogprobs ?? 0) > 0;
  return present({
    toolChoice: decodeToolChoice(body),
    parallelToolCalls: booleanField(body, 'parallel_tool_calls'),
    maxOutputTokens: integerField(body, 'max_output_tokens', 1),
    temperature: numberField(body, 'temperature'),
    topP: numberField(body, 'top_p'),
    logprobs: wantsLogprobs ? (topLogprobs ?? 0) : undefined,
    reasoning: decodeReasoning(body),
    serviceTier: stringField(body, 'service_tier'),
    metadata: decodeMetadata(body),
    endUser: stringField(body, 'safety_identifier') ?? stringField(body, 'user'),
    promptCacheKey: stringField(body, 'prompt_cache_key'),
  } as JsonObject) as Partial<CanonicalRequest>;
}

function decodeReasoning(body: JsonObject): ReasoningRequest | undefined {
  const reasoning = objectField(body, 'reasoning') ?? {};
  const effort = wordField(reasoning, 'effort', ReasoningEffort.options, 'reasoning');
  const words = ['auto', 'concise', 'detailed'] as const;
  const summary =
    wordField(reasoning, 'summary', words, 'reasoning') ?? wordField(reasoning, 'generate_summary', words, 'reasoning');
  if (effort === undefined && summary === undefined) return undefined;
  return { ...(effort && { effort }), ...(summary && { summary, display: 'summarized' }) };
}

function decodeMetadata(body: JsonObject): Readonly<Record<string, string>> | undefined {
  const metadata = objectField(body, 'metadata');
  if (!metadata) return undefined;
  return Object.fromEntries(Object.keys(metadata).map((name) => [name, stringField(metadata, name, 'metadata') ?? '']));
}

function decodeOutputFormat(text: JsonObject): OutputFormat {
  const at = 'text.format';
  const format = objectField(text, 'format', 'text') ?? { type: 'text' };
  const kind = wordField(format, 'type', ['text', 'json_object', 'json_schema'], at);
  if (kind === 'json_object') return { kind: 'json' };
  if (kind !== 'json_schema') return { kind: 'text' };
  const name = stringField(format, 'name', at);
  const description = stringField(format, 'description', at);
  const strict = booleanField(format, 'strict', at);
  return {
    kind: 'schema',
    schema: objectField(format, 'schema', at) ?? missing(`${at}.schema`),
    ...(name !== undefined && { name }),
    ...(description !== undefined && { description }),
    ...(strict !== undefined && { strict }),
  };
}

/** `truncation` is only worth a word when the caller relies on it. */
function extraOf(body: JsonObject): JsonObject {
  const entries = Object.entries(body).filter(
    ([name, value]) =>
      !KNOWN.has(name) && value !== null && value !== undefined && !(name === 'truncation' && value === 'disabled'),
  );
  return Object.fromEntries(entries);
}

function echoOf(body: JsonObject): JsonObject {
  return present(Object.fromEntries(ECHOED.map((name) => [name, body[name] ?? undefined])));
}
