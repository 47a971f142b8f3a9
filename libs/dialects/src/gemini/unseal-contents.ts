import type { Json, JsonObject } from '../canonical/json.ts';
import type { SignatureOrigin } from '../canonical/signature.ts';
import { isSignedFor } from '../canonical/signature-envelope.ts';
import { parseFaithfully } from '../json/parse-faithfully.ts';
import { arrayOf, objectOf, stringOf } from './json-fields.ts';
import { openThoughtSignature, SEALED_PREFIX } from './open-thought-signature.ts';

const SEALED = Buffer.from(`"${SEALED_PREFIX}`);

/** Google's documented stand-in for a signature that got lost: models that think in levels refuse unsigned calls. */
const SKIP_VALIDATION = 'skip_thought_signature_validator';

/** Members of a part by which Google's two spellings name its signature. */
const FIELDS = ['thoughtSignature', 'thought_signature'] as const;

/** Whether the body holds an envelope of Penstock's in place of a signature, so that it must not go to Gemini as it is. */
export function hasSealedContents(body: Buffer): boolean {
  return body.includes(SEALED);
}

/**
 * For a request that passes through to Gemini after a model of another dialect has answered in the same conversation: opens
 * the envelopes around signatures of the models that will read it, and removes all others with the thoughts they sign.
 * Everything else stays, numbers as they were written. The same buffer when there is nothing to open; the body is JSON.
 */
export function unsealContents(body: Buffer, reader: SignatureOrigin): Buffer {
  if (!hasSealedContents(body)) return body;
  const request = objectOf(parseFaithfully(body.toString('utf8')));
  if (!request || !Array.isArray(request['contents'])) return body;
  const contents = arrayOf(request['contents']).map((content) => unsealContent(content, reader));
  return Buffer.from(JSON.stringify({ ...request, contents: contents.filter(saysSomething) }));
}

function unsealContent(content: Json, reader: SignatureOrigin): Json {
  const fields = objectOf(content);
  if (!fields || !Array.isArray(fields['parts'])) return content;
  return { ...fields, parts: arrayOf(fields['parts']).flatMap((part) => unsealPart(part, reader)) };
}

function unsealPart(part: Json, reader: SignatureOrigin): readonly Json[] {
  const fields = objectOf(part);
  const field = FIELDS.find((name) => stringOf(fields?.[name])?.startsWith(SEALED_PREFIX));
  if (!fields || field === undefined) return [part];
  const signature = openThoughtSignature(stringOf(fields[field]) ?? '');
  if (signature && isSignedFor(signature, reader)) return [{ ...fields, [field]: signature.value }];
  return withoutSignature(fields, field);
}

/** Thoughts that another model signed, and parts that are nothing but a signature, go altogether. */
function withoutSignature(part: JsonObject, field: string): readonly Json[] {
  const { [field]: _foreign, ...rest } = part;
  if (rest['functionCall'] ?? rest['function_call']) return [{ ...rest, [field]: SKIP_VALIDATION }];
  return rest['thought'] === true || rest['text'] === '' || Object.keys(rest).length === 0 ? [] : [rest];
}

/** A content of nothing but another model's thoughts has become empty, which Gemini refuses. */
function saysSomething(content: Json): boolean {
  const parts = objectOf(content)?.['parts'];
  return !Array.isArray(parts) || parts.length > 0;
}
