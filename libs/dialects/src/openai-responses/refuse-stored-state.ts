import { GatewayError } from '@penstock/contracts';
import type { JsonObject } from '../canonical/json.ts';

const REASONS: ReadonlyMap<string, string> = new Map([
  ['previous_response_id', 'Responses are not stored here: send the whole conversation as input.'],
  ['conversation', 'Conversations are not stored here: send the whole conversation as input.'],
  ['prompt', 'Prompt templates are not stored here: send the prompt itself.'],
  ['background', 'Responses are not stored here, so that none can be fetched later: ask without background.'],
]);

/** Names of the fields that only make sense where responses are stored. */
export const STATEFUL_FIELDS: ReadonlySet<string> = new Set(REASONS.keys());

/**
 * Refuses what refers to stored state. The store behind a gateway belongs to its account, not to the caller: an id of
 * another caller's response would be as good there as one of their own.
 */
export function refuseStoredState(body: JsonObject): void {
  for (const [param, message] of REASONS) {
    const value = body[param] ?? undefined;
    if (value === undefined || value === false) continue;
    throw new GatewayError('unsupported_parameter', message, { param });
  }
}
