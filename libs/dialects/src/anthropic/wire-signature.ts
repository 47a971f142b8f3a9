import type { Signature } from '../canonical/signature.ts';
import { ANY_MODEL_GROUP, isEnvelope, openSignature, sealSignature } from '../canonical/signature-envelope.ts';

/**
 * Stands where callers expect a signature and there is none, since clients drop unsigned thinking and then send it back no more.
 * It looks like an envelope that cannot be opened, so that no vendor ever gets it.
 */
const UNSIGNED = 'gw1:unsigned';

/** The signature that a caller sends back: an envelope of ours, or a bare one of Anthropic's. Undefined: there is none worth keeping. */
export function readSignature(text: string | undefined): Signature | undefined {
  if (text === undefined || text === '') return undefined;
  if (isEnvelope(text)) return openSignature(text) ?? undefined;
  return { dialect: 'anthropic', modelGroup: ANY_MODEL_GROUP, value: text };
}

/** The text that a caller gets for a signature. */
export function writeSignature(signature: Signature | undefined): string {
  return signature === undefined ? UNSIGNED : sealSignature(signature);
}
