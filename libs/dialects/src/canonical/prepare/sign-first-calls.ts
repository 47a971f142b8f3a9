import type { CanonicalPart } from '../canonical-part.ts';
import type { CanonicalRequest, CanonicalTurn } from '../canonical-request.ts';
import type { PrepareContext } from '../prepare-context.ts';

/** Google's documented stand-in for a signature that got lost. */
const SKIP_VALIDATION = 'skip_thought_signature_validator';

/** Models of Gemini that think in levels refuse a turn with calls whose first call is not signed. Runs after turns are merged. */
export function signFirstCalls(request: CanonicalRequest, context: PrepareContext): CanonicalRequest {
  if (context.upstream !== 'gemini' || context.profile.thinking !== 'level') return request;
  return { ...request, turns: request.turns.map((turn) => signFirstCall(turn, context)) };
}

function signFirstCall(turn: CanonicalTurn, { origin }: PrepareContext): CanonicalTurn {
  const first = turn.parts.find((part) => part.type === 'tool-call');
  if (first === undefined || first.signature !== undefined) return turn;
  const signed: CanonicalPart = { ...first, signature: { ...origin, value: SKIP_VALIDATION } };
  return { ...turn, parts: turn.parts.map((part) => (part === first ? signed : part)) };
}
