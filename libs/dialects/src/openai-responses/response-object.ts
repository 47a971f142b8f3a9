import type { JsonObject } from '../canonical/json.ts';
import { objectOf, objectsOf } from './json-fields.ts';
import type { ResponseState } from './schema.ts';

interface ResponseIdentity {
  readonly id: string;
  /** Epoch seconds. */
  readonly created: number;
  readonly model: string;
  /** The request's fields that a response repeats, as they were sent. */
  readonly echo: JsonObject;
}

/** What a response repeats of a request that does not say it. */
const UNSAID: JsonObject = {
  instructions: null,
  max_output_tokens: null,
  max_tool_calls: null,
  metadata: {},
  parallel_tool_calls: true,
  prompt_cache_key: null,
  prompt_cache_retention: null,
  safety_identifier: null,
  service_tier: null,
  temperature: null,
  tool_choice: 'auto',
  top_logprobs: null,
  top_p: null,
  truncation: 'disabled',
  user: null,
};

/** A whole response object: every required field of the official type, with the request's own values where it has any. */
export function responseObject({ id, created, model, echo }: ResponseIdentity, state: ResponseState): JsonObject {
  return {
    id,
    object: 'response',
    created_at: created,
    ...UNSAID,
    ...echo,
    // What is served may be another tier than what was asked for.
    ...state,
    model,
    access_programs: null,
    background: false,
    previous_response_id: null,
    reasoning: { effort: null, summary: null, ...objectOf(echo['reasoning']) },
    store: false,
    text: { format: { type: 'text' }, ...objectOf(echo['text']) },
    tools: objectsOf(echo['tools']).map(wholeTool),
  };
}

/** A function may be sent without what its official type requires. */
function wholeTool(tool: JsonObject): JsonObject {
  return tool['type'] === 'function' ? { parameters: null, strict: null, ...tool } : tool;
}

/** The response that an error frame speaks of, of which nothing is known but that it failed. */
export function failedResponse(id: string, error: { readonly code: string; readonly message: string }): JsonObject {
  const state: ResponseState = { status: 'failed', output: [], usage: null, error, incomplete_details: null };
  return responseObject({ id, created: 0, model: '', echo: {} }, state);
}
