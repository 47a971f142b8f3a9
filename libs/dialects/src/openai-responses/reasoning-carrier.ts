import { openSignature, ANY_MODEL_GROUP, isEnvelope, sealSignature } from '../canonical/signature-envelope.ts';
import type { Signature } from '../canonical/signature.ts';

/**
 * What a signature in a reasoning item's `encrypted_content` signs: the reasoning itself, shown or `redacted`; the tool call
 * that follows, since a `function_call` item has no place for one; or the text before it.
 */
export type CarrierTarget = 'reasoning' | 'redacted' | 'next-call' | 'previous-text';

export interface SignatureCarrier {
  readonly target: CarrierTarget;
  readonly signature: Signature;
}

/** No vendor's signature holds a colon, so that these prefixes of the sealed value stand for themselves. */
const PREFIXES: ReadonlyMap<CarrierTarget, string> = new Map([
  ['redacted', 'redacted:'],
  ['next-call', 'next-call:'],
  ['previous-text', 'previous-text:'],
]);

/** `encrypted_content` that carries a vendor's signature through a client that knows nothing of it. */
export function sealCarrier(target: CarrierTarget, signature: Signature): string {
  const prefix = PREFIXES.get(target) ?? '';
  return sealSignature({ ...signature, value: prefix + signature.value });
}

/** The signature in `encrypted_content`: an envelope, or OpenAI's own; null for a damaged envelope. */
export function openCarrier(encrypted: string): SignatureCarrier | null {
  const opened = openSignature(encrypted);
  if (!opened) {
    if (isEnvelope(encrypted)) return null;
    const signature = { dialect: 'openai-responses', modelGroup: ANY_MODEL_GROUP, value: encrypted } as const;
    return { target: 'reasoning', signature };
  }
  for (const [target, prefix] of PREFIXES) {
    if (opened.value.startsWith(prefix)) return strip(target, opened, prefix.length);
  }
  return { target: 'reasoning', signature: opened };
}

/** An envelope within is a forger's work here too. */
function strip(target: CarrierTarget, opened: Signature, length: number): SignatureCarrier | null {
  const value = opened.value.slice(length);
  return value === '' || isEnvelope(value) ? null : { target, signature: { ...opened, value } };
}
