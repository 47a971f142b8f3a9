import type { CanonicalPart, TextPart } from '../canonical-part.ts';
import type { CanonicalRequest, CanonicalTurn, SystemText } from '../canonical-request.ts';
import type { PrepareContext } from '../prepare-context.ts';
import { joinSystemTexts } from './join-system-texts.ts';

/** Puts the texts of the system where the model takes them, in the role that it knows. Runs after empty parts were dropped. */
export function fitSystem(request: CanonicalRequest, context: PrepareContext): CanonicalRequest {
  const { midSystem, multipleSystem } = context.profile;
  const hoisted = midSystem === 'hoist' ? request.turns.filter(isSystem).flatMap(systemTextsOf) : [];
  const system = [...request.system, ...hoisted].map((text) => ({ ...text, origin: originFor(text, context) }));
  return {
    ...request,
    system: multipleSystem ? system : joinSystemTexts(system),
    turns: fitTurns(request.turns, midSystem),
  };
}

function fitTurns(
  turns: readonly CanonicalTurn[],
  midSystem: PrepareContext['profile']['midSystem'],
): readonly CanonicalTurn[] {
  if (midSystem === 'native') return turns;
  if (midSystem === 'hoist') return turns.filter((turn) => !isSystem(turn));
  return turns.map((turn) => (isSystem(turn) ? { role: 'user', parts: turn.parts.map(wrapReminder) } : turn));
}

/** Kept at its place in the user's words, so that a server's cache of the prompt before it stays good. */
function wrapReminder(part: CanonicalPart): CanonicalPart {
  if (part.type !== 'text') return part;
  return { ...part, text: `<system-reminder>\n${part.text}\n</system-reminder>` };
}

function isSystem(turn: CanonicalTurn): boolean {
  return turn.role === 'system';
}

function systemTextsOf(turn: CanonicalTurn): readonly SystemText[] {
  return turn.parts
    .filter((part): part is TextPart => part.type === 'text')
    .map((part) => ({ ...part, origin: 'system' }));
}

/** `instructions` has a field of its own in the Responses API; elsewhere it is a message like the others. */
function originFor({ origin }: SystemText, { upstream, profile }: PrepareContext): SystemText['origin'] {
  return origin === 'instructions' && upstream === 'openai-responses' ? origin : profile.systemRole;
}
