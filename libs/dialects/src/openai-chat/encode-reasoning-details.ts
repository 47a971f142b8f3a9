import type { ReasoningPart } from '../canonical/canonical-part.ts';
import type { Signature } from '../canonical/signature.ts';
import type { ChatReasoningDetail } from './schema.ts';

/** Reasoning as `reasoning_details`; `sign` writes a signature, bare to its upstream and in an envelope to callers. */
export function encodeReasoningDetails(
  parts: readonly ReasoningPart[],
  sign: (signature: Signature) => string,
): readonly ChatReasoningDetail[] {
  return parts.flatMap((part, index): ChatReasoningDetail[] => {
    const { text, signature } = part;
    if (part.redacted) return signature ? [encryptedDetail(sign(signature), index)] : [];
    return [textDetail(index, text, signature && sign(signature))];
  });
}

export function textDetail(index: number, text: string, signature?: string): ChatReasoningDetail {
  const signed = signature === undefined ? {} : { signature };
  return { type: 'reasoning.text', text, ...signed, format: 'unknown', index };
}

export function encryptedDetail(data: string, index: number): ChatReasoningDetail {
  return { type: 'reasoning.encrypted', data, format: 'unknown', index };
}
