import type { CanonicalPart, RefusalPart, TextPart } from '../canonical/canonical-part.ts';
import type { DecodeAnswerContext } from '../canonical/dialect-codec.ts';
import type { JsonObject } from '../canonical/json.ts';
import { readAnnotation } from './annotations.ts';
import { objectsOf, textOf } from './json-fields.ts';
import { fromChatLogprobs, toChatLogprobs } from './logprobs.ts';
import { expandParallelWrapper, mayBeParallelWrapper } from './parallel-wrapper.ts';

export interface DecodedOutput {
  readonly parts: readonly CanonicalPart[];
  readonly logprobs?: JsonObject;
}

/** Reads the output items of a whole answer in their order. */
export function decodeOutput(items: readonly JsonObject[], context: DecodeAnswerContext): DecodedOutput {
  const tokens = items.flatMap((item) =>
    objectsOf(item['content']).flatMap((part) => fromChatLogprobs(toChatLogprobs(part['logprobs']))),
  );
  const logprobs = toChatLogprobs(tokens);
  let textLength = 0;
  const parts = items.flatMap((item) => {
    const decoded = decodeItem(item, textLength, context);
    for (const part of decoded) if (part.type === 'text') textLength += part.text.length;
    return decoded;
  });
  return { parts, ...(logprobs && { logprobs }) };
}

function decodeItem(item: JsonObject, start: number, context: DecodeAnswerContext): readonly CanonicalPart[] {
  switch (item['type']) {
    case 'message':
      return decodeMessage(item, start);
    case 'reasoning':
      return decodeReasoning(item, context);
    case 'function_call':
    case 'custom_tool_call':
      return decodeCall(item, context);
    default:
      return [{ type: 'opaque', dialect: 'openai-responses', name: textOf(item['type']) ?? 'item', value: item }];
  }
}

function decodeMessage(item: JsonObject, start: number): readonly CanonicalPart[] {
  let offset = start;
  return objectsOf(item['content']).flatMap((part): (TextPart | RefusalPart)[] => {
    const refusal = textOf(part['refusal']);
    if (refusal !== undefined) return [{ type: 'refusal', text: refusal }];
    const text = textOf(part['text']);
    if (text === undefined) return [];
    const citations = objectsOf(part['annotations']).map((annotation) => readAnnotation(annotation, offset));
    offset += text.length;
    return [{ type: 'text', text, ...(citations.length > 0 && { citations }) }];
  });
}

function decodeReasoning(item: JsonObject, { origin }: DecodeAnswerContext): readonly CanonicalPart[] {
  const text = reasoningTexts(item).join('\n\n');
  const value = textOf(item['encrypted_content']);
  if (text === '' && value === undefined) return [];
  return [{ type: 'reasoning', text, ...(value !== undefined && { signature: { ...origin, value } }) }];
}

/** What a reasoning item shows: the summary, or the reasoning itself where there is none. */
export function reasoningTexts(item: JsonObject): readonly string[] {
  const texts = (name: string): readonly string[] =>
    objectsOf(item[name]).flatMap((part) => textOf(part['text']) ?? []);
  const summary = texts('summary');
  return summary.length > 0 ? summary : texts('content');
}

function decodeCall(item: JsonObject, { createId, toolNames }: DecodeAnswerContext): readonly CanonicalPart[] {
  const isCustom = item['type'] === 'custom_tool_call';
  const kind = isCustom ? 'custom' : 'function';
  const id = textOf(item['call_id']) ?? createId();
  const name = textOf(item['name']) ?? '';
  const text = textOf(item[isCustom ? 'input' : 'arguments']) ?? '';
  const namespace = textOf(item['namespace']);
  const calls = !isCustom && mayBeParallelWrapper(name, toolNames) ? expandParallelWrapper(id, text, toolNames) : null;
  if (calls) return calls.map((call) => ({ type: 'tool-call', kind, ...call }));
  return [{ type: 'tool-call', id, name, arguments: text, kind, ...(namespace !== undefined && { namespace }) }];
}
