import type { CanonicalPart, TextPart, ToolResultPart } from '../canonical-part.ts';
import type { CanonicalRequest, CanonicalTurn } from '../canonical-request.ts';
import type { PrepareContext } from '../prepare-context.ts';

/** Stands in a result whose whole output had to be moved, since many templates refuse an empty one. */
const MOVED = '[The output is attached below.]';

/** Where the results of tools can only be text, their media follow behind all results of the turn. Runs after the repair of pairs. */
export function moveResultMedia(request: CanonicalRequest, { profile }: PrepareContext): CanonicalRequest {
  if (profile.toolResultImages === 'native') return request;
  return { ...request, turns: request.turns.map(moveMedia) };
}

function moveMedia(turn: CanonicalTurn): CanonicalTurn {
  const results = turn.parts.filter((part) => part.type === 'tool-result');
  const attached = results.flatMap(attachmentsOf);
  if (attached.length === 0) return turn;
  const rest = turn.parts.filter((part) => part.type !== 'tool-result');
  return { ...turn, parts: [...results.map(withoutMedia), ...attached, ...rest] };
}

function attachmentsOf({ parts, name, callId }: ToolResultPart): readonly CanonicalPart[] {
  const media = parts.filter((part) => part.type !== 'text');
  const label: TextPart = { type: 'text', text: `Attached output of ${name ?? 'the tool'} (${callId}):` };
  return media.length === 0 ? [] : [label, ...media];
}

function withoutMedia(result: ToolResultPart): ToolResultPart {
  const texts = result.parts.filter((part) => part.type === 'text');
  if (texts.length === result.parts.length) return result;
  return { ...result, parts: texts.some(({ text }) => text !== '') ? texts : [{ type: 'text', text: MOVED }] };
}
