import type { ReasoningPart } from '../canonical/canonical-part.ts';
import type { Json, JsonObject } from '../canonical/json.ts';
import type { Signature } from '../canonical/signature.ts';
import { defined } from './defined.ts';
import { isJsonObject, numberOf, objectsOf, textOf } from './json-values.ts';
import { contradicts } from './reasoning-check.ts';
import type { SignatureReader } from './signature-carriers.ts';

/** One entry of `reasoning_details`, or what other carriers say in their own words. */
export interface ReasoningDetail {
  readonly text: string;
  readonly signature: Signature | undefined;
  readonly redacted: boolean;
  /** Which part of the reasoning it belongs to, where it says so. */
  readonly index: number | null;
  /** What the sender calls it: `reasoningCheck` of the text where it is ours. */
  readonly id: string;
}

/**
 * The reasoning of a message, from whichever fields its sender knows: `reasoning_details` (OpenRouter), `thinking_blocks` (LiteLLM),
 * else `reasoning` (vLLM) or `reasoning_content` (DeepSeek). They say the same, so the richest one holds.
 */
export function readReasoning(message: JsonObject, read: SignatureReader): readonly ReasoningPart[] {
  const plain = plainReasoning(message);
  const details = withPlainText(joinDetails(readReasoningDetails(message, read)), plain).map(withoutFalseSignature);
  const parts = details.filter(saysSomething).map(partOf);
  if (parts.length > 0 || plain === '') return parts;
  return [
    defined<ReasoningPart>({
      type: 'reasoning',
      text: plain,
      signature: read(message.reasoning_signature, 'openai-chat'),
    }),
  ];
}

/** The field of vLLM, else that of DeepSeek; an empty one does not count. */
export function plainReasoning(message: JsonObject): string {
  return textOf(message.reasoning) || textOf(message.reasoning_content);
}

/** The entries of `reasoning_details`, else of `thinking_blocks`. Some vendors send a single detail without its array. */
export function readReasoningDetails(message: JsonObject, read: SignatureReader): readonly ReasoningDetail[] {
  const value = message.reasoning_details;
  const items = isJsonObject(value) ? [value] : objectsOf(value);
  if (items.length === 0) return readThinkingBlocks(message.thinking_blocks, read);
  return items.map((item) => {
    const redacted = item.type === 'reasoning.encrypted';
    return {
      text: redacted ? '' : textOf(item.text) || textOf(item.summary),
      signature: read(redacted ? item.data : item.signature, 'openai-chat'),
      redacted,
      index: numberOf(item.index),
      id: textOf(item.id),
    };
  });
}

function readThinkingBlocks(value: Json | undefined, read: SignatureReader): readonly ReasoningDetail[] {
  return objectsOf(value).map((block, index) => {
    const redacted = block.type === 'redacted_thinking';
    return {
      text: redacted ? '' : textOf(block.thinking),
      signature: read(redacted ? block.data : block.signature, 'anthropic'),
      redacted,
      index,
      id: '',
    };
  });
}

/** Joins the pieces that a stream's deltas left behind, and leaves out what says nothing. */
function joinDetails(details: readonly ReasoningDetail[]): readonly ReasoningDetail[] {
  const joined: ReasoningDetail[] = [];
  for (const detail of details) {
    const last = joined.at(-1);
    if (last && continues(last, detail)) {
      const signature = detail.signature ?? last.signature;
      joined[joined.length - 1] = { ...last, text: last.text + detail.text, signature, id: detail.id || last.id };
    } else joined.push(detail);
  }
  return joined.filter(saysSomething);
}

function saysSomething({ text, signature }: ReasoningDetail): boolean {
  return text !== '' || signature !== undefined;
}

/** A text that did not come back as it went out is not what was signed. */
function withoutFalseSignature(detail: ReasoningDetail): ReasoningDetail {
  return contradicts(detail.id, detail.text) ? { ...detail, signature: undefined } : detail;
}

function continues(last: ReasoningDetail, next: ReasoningDetail): boolean {
  if (last.redacted || next.redacted || last.index !== next.index) return false;
  return next.index !== null || last.signature === undefined;
}

function partOf({ text, signature, redacted }: ReasoningDetail): ReasoningPart {
  return defined<ReasoningPart>({ type: 'reasoning', text, signature, redacted: redacted ? true : undefined });
}

/** Details that hold signatures alone are completed by the text of the plain field. */
function withPlainText(details: readonly ReasoningDetail[], plain: string): readonly ReasoningDetail[] {
  const [first, ...others] = details;
  if (!first || plain === '' || details.some((detail) => detail.text !== '')) return details;
  if (others.length === 0 && !first.redacted) return [{ ...first, text: plain }];
  return [{ text: plain, signature: undefined, redacted: false, index: null, id: '' }, ...details];
}
