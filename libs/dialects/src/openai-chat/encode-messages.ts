import type { ToolResultPart } from '../canonical/canonical-part.ts';
import type { CanonicalRequest, CanonicalTurn, SystemText } from '../canonical/canonical-request.ts';
import type { EncodeRequestContext } from '../canonical/dialect-codec.ts';
import type { JsonObject } from '../canonical/json.ts';
import { encodeAssistant } from './encode-assistant.ts';
import { encodeContent, isContent } from './encode-content.ts';
import { defined } from './defined.ts';

/** All messages of a prepared request. */
export function encodeMessages(request: CanonicalRequest, context: EncodeRequestContext): readonly JsonObject[] {
  const system = encodeSystem(request, context);
  return [...system, ...request.turns.flatMap((turn) => encodeTurn(turn, context))];
}

/** A Chat caller's messages stay apart; the blocks of other dialects are the parts of one message. */
function encodeSystem({ system, dialect }: CanonicalRequest, context: EncodeRequestContext): readonly JsonObject[] {
  const groups: (readonly SystemText[])[] = dialect === 'openai-chat' ? system.map((text) => [text]) : [system];
  const role = context.profile.systemRole;
  return groups.filter((group) => group.length > 0).map((group) => ({ role, content: encodeContent(group) }));
}

/** Results come first, one message each, right behind the calls. */
function encodeTurn(turn: CanonicalTurn, context: EncodeRequestContext): readonly JsonObject[] {
  if (turn.role === 'assistant') return [encodeAssistant(turn, context)];
  const results = turn.parts.filter((part) => part.type === 'tool-result').map(encodeResult);
  const content = turn.parts.filter(isContent);
  if (content.length === 0) return results;
  const role = turn.role === 'system' ? context.profile.systemRole : 'user';
  return [...results, defined<JsonObject>({ role, content: encodeContent(content), name: turn.name })];
}

/** Servers take the content of a result as one text more surely than as a list. */
function encodeResult({ callId, parts }: ToolResultPart): JsonObject {
  const texts = parts.filter((part) => part.type === 'text');
  const isText = texts.length === parts.length && texts.every((part) => !part.cache);
  const content = isText ? texts.map((part) => part.text).join('\n') : encodeContent(parts);
  return { role: 'tool', tool_call_id: callId, content };
}
