import type { Json, JsonObject } from '../canonical/json.ts';
import type { SignatureOrigin } from '../canonical/signature.ts';
import { isEnvelope, isSignedFor, openSignature } from '../canonical/signature-envelope.ts';
import { parseFaithfully } from '../json/parse-faithfully.ts';
import { isArray, isObject } from './read-fields.ts';

/** Fields that hold a signature, by the type of their block. */
const SIGNATURE_FIELDS: ReadonlyMap<Json | undefined, string> = new Map([
  ['thinking', 'signature'],
  ['redacted_thinking', 'data'],
]);

/**
 * For a request that passes through to Anthropic after a model of another dialect has answered in the same conversation: opens
 * the envelopes around signatures of the models that will read it and removes the thinking of all others, which Anthropic would
 * refuse. Everything else, unknown fields and the text of numbers included, stays. To be called for bodies whose facts say
 * `hasSealedSignatures`; they have been checked to be JSON.
 */
export function unsealMessages(body: Buffer, reader: SignatureOrigin): Buffer {
  const request = parseFaithfully(body.toString('utf8'));
  if (!isObject(request) || !isArray(request['messages'])) return body;
  const messages = request['messages'].map((message) => unsealMessage(message, reader));
  const unsealed = { ...request, messages: messages.filter(saysSomething), ...thinkingAfter(request, messages) };
  return Buffer.from(JSON.stringify(unsealed));
}

function unsealMessage(message: Json, reader: SignatureOrigin): Json {
  if (!isObject(message) || !isArray(message['content'])) return message;
  return { ...message, content: message['content'].flatMap((block) => unsealBlock(block, reader)) };
}

function unsealBlock(block: Json, reader: SignatureOrigin): readonly Json[] {
  const field = isObject(block) ? SIGNATURE_FIELDS.get(block['type']) : undefined;
  const text = isObject(block) && field !== undefined ? block[field] : undefined;
  if (field === undefined || typeof text !== 'string' || !isEnvelope(text)) return [block];
  const signature = openSignature(text);
  return signature && isSignedFor(signature, reader) ? [{ ...(block as JsonObject), [field]: signature.value }] : [];
}

/** A message of nothing but another model's thinking has become empty, which Anthropic refuses too. */
function saysSomething(message: Json): boolean {
  return !isObject(message) || !isArray(message['content']) || message['content'].length > 0;
}

/**
 * With thinking by budget, Anthropic demands that a turn with calls which are being answered begins with thinking. Where that was
 * another model's, this one request goes without thinking.
 */
function thinkingAfter(request: JsonObject, messages: readonly Json[]): JsonObject {
  const thinking = request['thinking'];
  if (!isObject(thinking) || thinking['type'] !== 'enabled') return {};
  const last = messages.findLast((message) => isObject(message) && message['role'] === 'assistant');
  const content = isObject(last) && isArray(last['content']) ? last['content'].filter(isObject) : [];
  const hasCalls = content.some((block) => block['type'] === 'tool_use');
  return hasCalls && !SIGNATURE_FIELDS.has(content[0]?.['type']) ? { thinking: { type: 'disabled' } } : {};
}
