import type { Finish, FinishReason } from '../canonical/canonical-response.ts';
import type { JsonObject } from '../canonical/json.ts';
import { objectOf } from './json-fields.ts';
import type { ResponseState, ResponseStatus } from './schema.ts';

interface Seen {
  readonly calls: boolean;
  readonly refused: boolean;
}

/** Why a response ended that was not a failure. `seen`: what stood in its output. */
export function readFinish(response: JsonObject, { calls, refused }: Seen): Finish {
  if (response['status'] === 'incomplete') {
    const reason = objectOf(response['incomplete_details'])?.['reason'];
    return { reason: reason === 'content_filter' ? 'content-filter' : 'length' };
  }
  if (calls) return { reason: 'tool-calls' };
  return { reason: refused ? 'refusal' : 'stop' };
}

const INCOMPLETE: ReadonlyMap<FinishReason, 'max_output_tokens' | 'content_filter'> = new Map([
  ['length', 'max_output_tokens'],
  ['context-length', 'max_output_tokens'],
  ['content-filter', 'content_filter'],
]);

/** The terminal state of a response. Output that its own vendor calls unusable is a failure when there is none of it. */
export function writeFinish(
  { reason }: Finish,
  hasOutput: boolean,
): Pick<ResponseState, 'error' | 'incomplete_details'> & { readonly status: Exclude<ResponseStatus, 'in_progress'> } {
  const incomplete = INCOMPLETE.get(reason);
  if (incomplete) return { status: 'incomplete', error: null, incomplete_details: { reason: incomplete } };
  if (reason !== 'malformed' || hasOutput) return { status: 'completed', error: null, incomplete_details: null };
  const error = { code: 'server_error', message: 'The model produced output that could not be used.' };
  return { status: 'failed', error, incomplete_details: null };
}
