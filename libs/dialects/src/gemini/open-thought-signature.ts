import type { Signature } from '../canonical/signature.ts';
import { ANY_MODEL_GROUP, isEnvelope, openSignature, sealSignature } from '../canonical/signature-envelope.ts';

/** How an envelope begins once it is in base64, as it stands in `thoughtSignature`: Google's field holds bytes. */
export const SEALED_PREFIX = Buffer.from(sealSignature({ dialect: 'gemini', modelGroup: 'x', value: 'x' }))
  .toString('base64')
  .slice(0, 5);

/**
 * The signature in a caller's `thoughtSignature`: the envelope that the gateway gave it, or a bare one of Gemini's own.
 * Undefined for a damaged envelope.
 */
export function openThoughtSignature(text: string): Signature | undefined {
  const decoded = Buffer.from(text, 'base64').toString('utf8');
  const envelope = [text, decoded].find(isEnvelope);
  if (envelope !== undefined) return openSignature(envelope) ?? undefined;
  return { dialect: 'gemini', modelGroup: ANY_MODEL_GROUP, value: text };
}
