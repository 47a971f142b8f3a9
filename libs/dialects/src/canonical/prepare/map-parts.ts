import type { CanonicalPart } from '../canonical-part.ts';
import type { CanonicalRequest, CanonicalTurn } from '../canonical-request.ts';

/** The request with every part replaced by what `map` makes of it: one part, several, or none. */
export function mapParts(
  request: CanonicalRequest,
  map: (part: CanonicalPart, turn: CanonicalTurn) => readonly CanonicalPart[],
): CanonicalRequest {
  const turns = request.turns.map((turn) => ({ ...turn, parts: turn.parts.flatMap((part) => map(part, turn)) }));
  return { ...request, turns };
}
