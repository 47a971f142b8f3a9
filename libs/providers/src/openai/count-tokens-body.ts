import type { JsonObject } from '@penstock/dialects';

/** What `POST /responses/input_tokens` takes of a Responses request. */
const COUNTED = [
  'model',
  'input',
  'instructions',
  'tools',
  'tool_choice',
  'parallel_tool_calls',
  'reasoning',
  'text',
  'truncation',
  'conversation',
  'previous_response_id',
] as const;

/** The part of a Responses request whose tokens are counted. */
export function countTokensBody(body: JsonObject): JsonObject {
  return Object.fromEntries(COUNTED.flatMap((name) => (body[name] === undefined ? [] : [[name, body[name]]])));
}
