import type { CanonicalTurn, SystemText } from '../canonical/canonical-request.ts';
import type { JsonObject } from '../canonical/json.ts';
import { encodePart } from './encode-content.ts';

/** The system prompt as blocks, which keep the borders between its texts and their cache marks. */
export function encodeSystem(system: readonly SystemText[]): readonly JsonObject[] {
  return system.flatMap(encodePart);
}

/** A turn of which nothing can be sent is left out: Anthropic refuses empty ones. */
export function encodeTurns(turns: readonly CanonicalTurn[]): readonly JsonObject[] {
  return turns.flatMap(({ role, parts }) => {
    const content = parts.flatMap(encodePart);
    return content.length === 0 ? [] : [{ role, content }];
  });
}
