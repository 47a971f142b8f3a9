import type { CanonicalPart, Citation, TextPart, ToolCallPart } from '../canonical/canonical-part.ts';
import type { DecodeAnswerContext } from '../canonical/dialect-codec.ts';
import type { Json, JsonObject } from '../canonical/json.ts';
import { decodeCitations } from './decode-citations.ts';
import { readContentPieces } from './content-pieces.ts';
import { argumentsText } from './decode-tool-call.ts';
import { defined } from './defined.ts';
import { isJsonObject, objectOf, objectsOf, textOf } from './json-values.ts';
import { readReasoning } from './reasoning-carriers.ts';
import { googleSignature, readCallSignature, splitCallId, upstreamSignatureReader } from './signature-carriers.ts';

/** The parts of an answer's message: reasoning, what it says, refusal, calls. */
export function decodeAnswerMessage(message: JsonObject, context: DecodeAnswerContext): readonly CanonicalPart[] {
  const read = upstreamSignatureReader(context.origin);
  const parts: CanonicalPart[] = [...readReasoning(message, read)];
  const hasReasoning = parts.length > 0;
  let text = '';
  const citations: Citation[] = [...decodeCitations(message.annotations)];
  for (const piece of readContentPieces(message.content)) {
    if (piece.kind === 'text') text += piece.text;
    else if (piece.kind === 'citation') citations.push({ ...piece.citation, endIndex: text.length });
    else if (!hasReasoning) parts.push({ type: 'reasoning', text: piece.text });
  }
  const signature = read(googleSignature(message), 'gemini');
  if (text !== '' || signature) {
    const cited = citations.length > 0 ? citations : undefined;
    parts.push(defined<TextPart>({ type: 'text', text, signature, citations: cited }));
  }
  const refusal = textOf(message.refusal);
  if (refusal !== '') parts.push({ type: 'refusal', text: refusal });
  if (isJsonObject(message.audio)) {
    parts.push({ type: 'opaque', dialect: 'openai-chat', name: 'audio', value: message.audio });
  }
  return [...parts, ...decodeCalls(message, context)];
}

function decodeCalls(message: JsonObject, context: DecodeAnswerContext): readonly CanonicalPart[] {
  const calls = objectsOf(message.tool_calls);
  const legacy: Json | undefined = message.function_call;
  const all = calls.length === 0 && isJsonObject(legacy) ? [{ function: legacy }] : calls;
  return all.flatMap((call): CanonicalPart[] => {
    const part = decodeCall(call, context);
    return part.name === '' ? [] : [part];
  });
}

function decodeCall(call: JsonObject, context: DecodeAnswerContext): ToolCallPart {
  const kind = isJsonObject(call.custom) ? 'custom' : 'function';
  const inner = objectOf(call[kind]);
  return defined<ToolCallPart>({
    type: 'tool-call',
    id: splitCallId(textOf(call.id)).id || context.createId(),
    name: textOf(inner.name),
    arguments: kind === 'custom' ? textOf(inner.input) : argumentsText(inner.arguments),
    kind,
    signature: readCallSignature(call, upstreamSignatureReader(context.origin)),
  });
}
