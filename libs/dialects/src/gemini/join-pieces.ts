import type { CanonicalPart } from '../canonical/canonical-part.ts';
import type { CanonicalTurn } from '../canonical/canonical-request.ts';

/**
 * The model's turns as it spoke them. Google's own clients keep every chunk of a stream as a content of its own and send it back
 * so; other vendors would take the pieces for turns and paragraphs. A signature ends a piece, and may come behind it alone.
 */
export function joinPieces(turns: readonly CanonicalTurn[]): CanonicalTurn[] {
  const joined: CanonicalTurn[] = [];
  for (const turn of turns) {
    const last = joined.at(-1);
    if (turn.role !== 'assistant') joined.push(turn);
    else if (last?.role === 'assistant')
      joined[joined.length - 1] = { ...last, parts: joinParts(last.parts, turn.parts) };
    else joined.push({ ...turn, parts: joinParts([], turn.parts) });
  }
  return joined;
}

function joinParts(before: readonly CanonicalPart[], next: readonly CanonicalPart[]): CanonicalPart[] {
  const parts = [...before];
  for (const part of next) {
    const whole = joinPart(parts.at(-1), part);
    if (whole) parts[parts.length - 1] = whole;
    else parts.push(part);
  }
  return parts;
}

/** Undefined for what does not go on. */
function joinPart(last: CanonicalPart | undefined, next: CanonicalPart): CanonicalPart | undefined {
  if (last?.type === 'text' && next.type === 'text' && !last.signature) {
    return { ...last, ...next, ...(last.path !== undefined && { path: last.path }), text: last.text + next.text };
  }
  if (last?.type === 'reasoning' && next.type === 'reasoning' && !last.signature) {
    return { ...last, ...next, ...(last.path !== undefined && { path: last.path }), text: last.text + next.text };
  }
  return undefined;
}
