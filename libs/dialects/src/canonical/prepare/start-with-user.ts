import type { CanonicalRequest } from '../canonical-request.ts';
import type { PrepareContext } from '../prepare-context.ts';
import { alternatesTurns } from './alternates-turns.ts';

/** Puts a turn of the user before all others where the dialect demands one; no conversation is left empty. */
export function startWithUser(request: CanonicalRequest, { upstream }: PrepareContext): CanonicalRequest {
  const first = request.turns[0];
  const isMissing = alternatesTurns(upstream)
    ? first?.role !== 'user'
    : first === undefined && request.system.length === 0;
  if (!isMissing) return request;
  // Gemini takes a space; Claude's vendors refuse text without a visible character.
  const text = upstream === 'gemini' ? ' ' : '.';
  return { ...request, turns: [{ role: 'user', parts: [{ type: 'text', text }] }, ...request.turns] };
}
