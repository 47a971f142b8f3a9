import type { CanonicalPart, ReasoningPart, RefusalPart, TextPart, ToolCallPart } from '../canonical/canonical-part.ts';
import type { CanonicalTurn } from '../canonical/canonical-request.ts';
import type { EncodeRequestContext } from '../canonical/dialect-codec.ts';
import type { Json, JsonObject } from '../canonical/json.ts';
import { encodePart } from './encode-content.ts';
import { encodeReasoningDetails } from './encode-reasoning-details.ts';
import { defined } from './defined.ts';
import { googleExtraContent } from './signature-carriers.ts';

/**
 * The assistant's message. Chat has one text before all calls, so text between calls moves to the front; signatures are the
 * upstream's own by now and go back to where it put them.
 */
export function encodeAssistant(turn: CanonicalTurn, context: EncodeRequestContext): JsonObject {
  const { parts, name } = turn;
  const calls = parts.filter((part) => part.type === 'tool-call');
  const firstCall = parts.findIndex((part) => part.type === 'tool-call');
  const lastText = parts.findLastIndex((part) => part.type === 'text');
  if (firstCall >= 0 && lastText > firstCall) context.warnings.note('converted', parts[lastText]?.path ?? 'messages');
  return defined<JsonObject>({
    role: 'assistant',
    name,
    content: encodeSaid(parts.filter((part) => part.type === 'text' || part.type === 'refusal')),
    ...encodeReasoning(
      parts.filter((part) => part.type === 'reasoning'),
      context,
    ),
    audio: encodeAudio(parts),
    tool_calls: calls.length === 0 ? undefined : calls.map((call) => encodeCall(call, context)),
    extra_content: encodeTextSignature(parts.filter((part) => part.type === 'text')),
  });
}

/** Text joined, or parts where they carry more than text. */
function encodeSaid(parts: readonly (TextPart | RefusalPart)[]): Json {
  if (parts.length === 0) return null;
  if (parts.some((part) => part.type === 'refusal' || part.cache)) return parts.map(encodePart);
  return parts.map((part) => part.text).join('');
}

function encodeReasoning(parts: readonly ReasoningPart[], { profile }: EncodeRequestContext): JsonObject {
  const text = parts
    .map((part) => part.text)
    .filter((piece) => piece !== '')
    .join('\n\n');
  const isSigned = parts.some((part) => part.signature);
  return {
    ...(text !== '' && profile.reasoningField !== 'none' && { [profile.reasoningField]: text }),
    ...(isSigned && { reasoning_details: encodeReasoningDetails(parts, (signature) => signature.value) }),
  };
}

/** An earlier answer in sound, which the upstream knows by its id. */
function encodeAudio(parts: readonly CanonicalPart[]): Json | undefined {
  for (const part of parts) {
    if (part.type === 'audio' && part.source.kind === 'file-id') return { id: part.source.id };
  }
  return undefined;
}

function encodeTextSignature(parts: readonly TextPart[]): JsonObject | undefined {
  const signature = parts.findLast((part) => part.signature)?.signature;
  return signature && googleExtraContent(signature.value);
}

function encodeCall(call: ToolCallPart, context: EncodeRequestContext): JsonObject {
  const { id, name, kind, signature } = call;
  const extra = signature && { extra_content: googleExtraContent(signature.value) };
  if (kind === 'custom') return { id, type: 'custom', custom: { name, input: call.arguments }, ...extra };
  return { id, type: 'function', function: { name, arguments: legalArguments(call, context) }, ...extra };
}

/** Templates of vLLM parse the arguments, so those that a model cut off or spoilt would fail every later request. */
function legalArguments(call: ToolCallPart, { warnings }: EncodeRequestContext): string {
  if (call.arguments.trim() === '') return '{}';
  try {
    JSON.parse(call.arguments);
    return call.arguments;
  } catch {
    // The model still sees what it wrote, now as the text in a legal object; the caller is told.
    warnings.note('converted', call.path ?? 'tool_calls');
    return JSON.stringify({ _raw: call.arguments });
  }
}
