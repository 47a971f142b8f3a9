import type { CanonicalPart, ToolCallPart } from '../canonical/canonical-part.ts';
import type { CanonicalChoice, CanonicalResponse } from '../canonical/canonical-response.ts';
import type { EncodeAnswerContext } from '../canonical/dialect-codec.ts';
import type { Json, JsonObject } from '../canonical/json.ts';
import { sealSignature } from '../canonical/signature-envelope.ts';
import { answerIdentity } from './answer-identity.ts';
import { encodeUsage } from './chat-usage.ts';
import { defined } from './defined.ts';
import { encodeAnnotation } from './encode-annotation.ts';
import { encodeReasoningDetails } from './encode-reasoning-details.ts';
import { encodeFinish } from './finish-reason.ts';
import type { ChatChoice, ChatCompletion, ChatMessage, ChatToolCall } from './schema.ts';
import { googleExtraContent } from './signature-carriers.ts';

/** Writes an answer for a Chat Completions caller. */
export function encodeResponse(response: CanonicalResponse, context: EncodeAnswerContext): JsonObject {
  return defined<ChatCompletion>({
    ...answerIdentity(response, context, 'chatcmpl-'),
    object: 'chat.completion',
    choices: response.choices.map((choice, index) => encodeChoice(choice, index, context)),
    service_tier: response.serviceTier,
    usage: response.usage === null ? undefined : encodeUsage(response.usage),
  });
}

function encodeChoice(choice: CanonicalChoice, index: number, { request }: EncodeAnswerContext): ChatChoice {
  const { parts, finish } = choice;
  const legacy = request.answer.legacyFunctions === true;
  const hasRefusalText = parts.some((part) => part.type === 'refusal');
  const refusal = joined(parts, 'refusal') || (finish.reason === 'refusal' ? (finish.explanation ?? '') : '');
  const message = defined<ChatMessage>({
    role: 'assistant',
    content: contentOf(parts, refusal),
    refusal: refusal === '' ? null : refusal,
    ...reasoningOf(parts, request.reasoning?.display === 'omitted'),
    ...annotationsOf(parts),
    audio: audioOf(parts),
    ...callsOf(parts, legacy),
  });
  const finish_reason = encodeFinish(finish.reason, hasRefusalText, legacy);
  return { index, message, logprobs: choice.logprobs ?? null, finish_reason };
}

function joined(parts: readonly CanonicalPart[], type: 'text' | 'refusal'): string {
  return parts.map((part) => (part.type === type ? part.text : '')).join('');
}

/** All text; null when there is something else instead, empty when there is nothing at all. */
function contentOf(parts: readonly CanonicalPart[], refusal: string): string | null {
  const text = joined(parts, 'text');
  if (text !== '') return text;
  const hasOther = refusal !== '' || parts.some((part) => part.type === 'tool-call' || part.type === 'opaque');
  return hasOther ? null : '';
}

function reasoningOf(
  parts: readonly CanonicalPart[],
  hidden: boolean,
): Pick<ChatMessage, 'reasoning_content' | 'reasoning_details'> {
  const all = parts.filter((part) => part.type === 'reasoning');
  const reasoning = hidden ? all.filter((part) => part.signature).map((part) => ({ ...part, text: '' })) : all;
  if (reasoning.length === 0) return {};
  const text = reasoning
    .map((part) => part.text)
    .filter((piece) => piece !== '')
    .join('\n\n');
  return defined<Pick<ChatMessage, 'reasoning_content' | 'reasoning_details'>>({
    reasoning_content: text === '' ? undefined : text,
    reasoning_details: encodeReasoningDetails(reasoning, sealSignature),
  });
}

/** Sources of the text, and the signature that some vendors put on it. */
function annotationsOf(parts: readonly CanonicalPart[]): Pick<ChatMessage, 'annotations' | 'extra_content'> {
  const annotations: Json[] = [];
  let length = 0;
  let signature: string | null = null;
  for (const part of parts) {
    if (part.type !== 'text') continue;
    const start = length;
    length += part.text.length;
    const range = { start, end: length };
    annotations.push(...(part.citations ?? []).flatMap((citation) => encodeAnnotation(citation, range)));
    if (part.signature) signature = sealSignature(part.signature);
  }
  return {
    ...(annotations.length > 0 && { annotations }),
    ...(signature !== null && { extra_content: googleExtraContent(signature) }),
  };
}

/** Sound that an upstream of this dialect made. */
function audioOf(parts: readonly CanonicalPart[]): Json | undefined {
  for (const part of parts) {
    if (part.type === 'opaque' && part.dialect === 'openai-chat' && part.name === 'audio') return part.value;
  }
  return undefined;
}

function callsOf(parts: readonly CanonicalPart[], legacy: boolean): Pick<ChatMessage, 'tool_calls' | 'function_call'> {
  const calls = parts.filter((part) => part.type === 'tool-call');
  const [first] = calls;
  if (!first) return {};
  if (legacy) return { function_call: { name: first.name, arguments: argumentsOf(first) } };
  return { tool_calls: calls.map(encodeCall) };
}

function encodeCall(call: ToolCallPart): ChatToolCall {
  const { id, name, kind, signature } = call;
  const extra = signature ? { extra_content: googleExtraContent(sealSignature(signature)) } : {};
  if (kind === 'custom') return { id, type: 'custom', custom: { name, input: call.arguments }, ...extra };
  return { id, type: 'function', function: { name, arguments: argumentsOf(call) }, ...extra };
}

/** Callers parse the arguments, also those of a call without any. */
function argumentsOf(call: ToolCallPart): string {
  return call.arguments === '' ? '{}' : call.arguments;
}
