import type { CanonicalRequest, CanonicalTurn } from '../canonical-request.ts';
import type { PrepareContext } from '../prepare-context.ts';
import { alternatesTurns } from './alternates-turns.ts';

/** Joins neighbouring turns of the same role where the dialect wants them to alternate; participants have no names there. */
export function mergeTurns(request: CanonicalRequest, { upstream }: PrepareContext): CanonicalRequest {
  if (!alternatesTurns(upstream)) return request;
  const turns: { role: CanonicalTurn['role']; parts: CanonicalTurn['parts'][number][] }[] = [];
  for (const { role, parts } of request.turns) {
    const last = turns.at(-1);
    if (last?.role === role) for (const part of parts) last.parts.push(part);
    else turns.push({ role, parts: [...parts] });
  }
  return { ...request, turns };
}
