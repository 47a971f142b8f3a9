import type { Operation } from '@penstock/contracts';

const SAMPLING = ['model', 'temperature', 'top_p', 'max_tokens', 'stream', 'stop', 'random_seed'];

const CHAT = [
  ...SAMPLING,
  'messages',
  'response_format',
  'tools',
  'tool_choice',
  'presence_penalty',
  'frequency_penalty',
  'n',
  'prediction',
  'parallel_tool_calls',
  'reasoning_effort',
  'prompt_mode',
  'safe_prompt',
  'guardrails',
  'prompt_cache_key',
  'service_tier',
  'metadata',
];

const ALLOWED: Partial<Record<Operation, ReadonlySet<string>>> = {
  completions: new Set([...SAMPLING, 'prompt', 'suffix', 'min_tokens']),
  embeddings: new Set(['model', 'input', 'output_dimension', 'output_dtype', 'encoding_format']),
};
const ALLOWED_IN_CHAT: ReadonlySet<string> = new Set(CHAT);

/** The fields that Mistral takes for an operation: it refuses a request with any other (research/translation.md §6.5). */
export function allowedFields(operation: Operation): ReadonlySet<string> {
  return ALLOWED[operation] ?? ALLOWED_IN_CHAT;
}

/** OpenAI's names of fields that Mistral has under another. */
export const RENAMED_FIELDS: ReadonlyMap<string, string> = new Map([
  ['max_completion_tokens', 'max_tokens'],
  ['seed', 'random_seed'],
  ['dimensions', 'output_dimension'],
]);

/** How a stream ends is the server's own affair, and usage always comes. */
export const SILENTLY_DROPPED: ReadonlySet<string> = new Set(['stream_options', 'user']);

/** Leaving these out would change what is asked. */
export const NEVER_DROPPED: ReadonlySet<string> = new Set([
  'functions',
  'function_call',
  'web_search_options',
  'audio',
]);
