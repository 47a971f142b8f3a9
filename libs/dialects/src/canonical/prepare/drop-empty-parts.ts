import type { CanonicalPart } from '../canonical-part.ts';
import type { CanonicalRequest, CanonicalTurn } from '../canonical-request.ts';
import type { PrepareContext } from '../prepare-context.ts';
import { without } from './without.ts';

/**
 * Removes texts that say nothing and the turns that are empty without them: vendors refuse both. Claude's vendors refuse
 * whitespace too. A text that a model signed is kept, since Gemini signs an empty one at the end of a turn.
 */
export function dropEmptyParts(request: CanonicalRequest, { upstream }: PrepareContext): CanonicalRequest {
  const refusesBlanks = upstream === 'anthropic' || upstream === 'bedrock-converse';
  const says = (part: CanonicalPart): boolean =>
    part.type !== 'text' || (refusesBlanks ? part.text.trim() : part.text) !== '';
  const fit = (turn: CanonicalTurn): CanonicalTurn => {
    if (turn.role !== 'assistant') return fitQuoted(turn, says);
    const isSigned = (part: CanonicalPart): boolean =>
      upstream === 'gemini' && part.type === 'text' && !!part.signature;
    return { ...turn, parts: turn.parts.filter((part) => says(part) || isSigned(part)) };
  };
  const turns = request.turns.map(fit).filter(({ parts }) => parts.length > 0);
  return { ...request, system: request.system.filter(says), turns };
}

/** Turns that no model wrote, and so have neither citations nor signatures: their texts are refused with some. */
function fitQuoted(turn: CanonicalTurn, says: (part: CanonicalPart) => boolean): CanonicalTurn {
  const parts = turn.parts.filter(says).map((part): CanonicalPart => {
    if (part.type === 'tool-result') return { ...part, parts: part.parts.filter(says) };
    return part.type === 'text' ? without(part, 'citations', 'signature') : part;
  });
  return { ...turn, parts };
}
