import type { ReasoningPart } from '../canonical/canonical-part.ts';
import type { Signature } from '../canonical/signature.ts';
import { reasoningCheck } from './reasoning-check.ts';
import type { ChatReasoningDetail } from './schema.ts';

/** Reasoning as `reasoning_details`; `sign` writes a signature, bare to its upstream and in an envelope to callers. */
export function encodeReasoningDetails(
  parts: readonly ReasoningPart[],
  sign: (signature: Signature) => string,
): readonly ChatReasoningDetail[] {
  return parts.flatMap((part, index): ChatReasoningDetail[] => {
    const { text, signature } = part;
    if (part.redacted) return signature ? [encryptedDetail(sign(signature), index)] : [];
    return [{ ...textDetail(index, text), ...(signature && signatureFields(text, sign(signature))) }];
  });
}

/** A piece of the text of a part. */
export function textDetail(index: number, text: string): ChatReasoningDetail & { type: 'reasoning.text' } {
  return { type: 'reasoning.text', text, format: 'unknown', index };
}

/** What signs a part; `text` is all of it. */
export function signatureFields(text: string, signature: string): { readonly id: string; readonly signature: string } {
  return { id: reasoningCheck(text), signature };
}

export function encryptedDetail(data: string, index: number): ChatReasoningDetail {
  return { type: 'reasoning.encrypted', data, format: 'unknown', index };
}
