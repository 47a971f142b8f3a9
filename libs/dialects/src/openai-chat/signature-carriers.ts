import type { Dialect } from '@penstock/contracts';
import type { Json, JsonObject } from '../canonical/json.ts';
import type { Signature, SignatureOrigin } from '../canonical/signature.ts';
import { ANY_MODEL_GROUP, isEnvelope, openSignature } from '../canonical/signature-envelope.ts';
import { objectOf } from './json-values.ts';

/** Reads a signature; `bareDialect` is whose it is when nothing else says so. Undefined when there is none that could be used. */
export type SignatureReader = (text: Json | undefined, bareDialect: Dialect) => Signature | undefined;

/** What divides a call's id from the signature that some gateways hang on it. */
const ID_MARK = '__thought__';

/** Reads what callers send back: an envelope of ours, or a vendor's bare signature. A damaged envelope is worth nothing. */
export const readCallerSignature: SignatureReader = (text, bareDialect) => {
  if (typeof text !== 'string' || text === '') return undefined;
  const opened = openSignature(text);
  if (opened) return opened;
  return isEnvelope(text) ? undefined : { dialect: bareDialect, modelGroup: ANY_MODEL_GROUP, value: text };
};

/** Reads what an upstream signs: it is the upstream's own, whatever it looks like. */
export function upstreamSignatureReader(origin: SignatureOrigin): SignatureReader {
  return (text) => (typeof text === 'string' && text !== '' ? { ...origin, value: text } : undefined);
}

/** `extra_content.google.thought_signature`, where Google's own OpenAI endpoint puts it on calls and on messages. */
export function googleSignature(holder: JsonObject): Json | undefined {
  return objectOf(objectOf(holder.extra_content).google).thought_signature;
}

/** The form in which `googleSignature` finds it. */
export function googleExtraContent(signature: string): JsonObject {
  return { google: { thought_signature: signature } };
}

/** The signature of a tool call, from whichever place its sender knows. All of them are Gemini's, the only vendor that signs calls. */
export function readCallSignature(call: JsonObject, read: SignatureReader): Signature | undefined {
  const carrier =
    googleSignature(call) ??
    objectOf(call.function).thought_signature ??
    objectOf(call.provider_specific_fields).thought_signature ??
    (typeof call.id === 'string' ? splitCallId(call.id).signature : undefined);
  return read(carrier, 'gemini');
}

/** The id of a call without the signature that may hang on it. */
export function splitCallId(id: string): { readonly id: string; readonly signature?: string } {
  const mark = id.indexOf(ID_MARK);
  return mark < 0 ? { id } : { id: id.slice(0, mark), signature: id.slice(mark + ID_MARK.length) };
}
