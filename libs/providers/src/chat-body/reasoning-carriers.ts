import type { ModelProfile } from '@penstock/contracts';
import { isEnvelope, type Json, type JsonObject } from '@penstock/dialects';
import { isJsonObject } from './is-json-object.ts';

/** Bytes of messages up to which a text is made of them to be searched: a short text is searched faster than bytes are. */
const SHORT_BYTES = 8192;
/** Begins the names of all fields of a message that hold reasoning. */
const REASONING = '"reasoning';
const EXTRA = 'extra_content';
const EXTRA_CONTENT = `"${EXTRA}"`;
const CALLS = 'tool_calls';
/** Members of a message that hold reasoning alone. */
const PLAIN: ReadonlySet<string> = new Set(['reasoning', 'reasoning_content']);
/** Members in which signatures travel. */
const SEALABLE: ReadonlySet<string> = new Set(['reasoning_details', EXTRA]);
/** Begins what Penstock sealed. */
const SEALED = '"gw1:';

type Profile = Pick<ModelProfile, 'reasoningField'>;

/**
 * Whether messages may hold reasoning or signatures of another model that has answered in the same conversation. A quoted word
 * in the bytes is enough of a sign: a false alarm costs no more than a parse.
 */
export function mayHoldCarriers(messages: Buffer, { reasoningField }: Profile): boolean {
  const searched = messages.length < SHORT_BYTES ? messages.toString('latin1') : messages;
  if (reasoningField !== 'none') return searched.includes(SEALED);
  return searched.includes(REASONING) || searched.includes(EXTRA_CONTENT);
}

/**
 * The body without what Penstock or other gateways hung on answers of other models and callers send back: OpenAI refuses such
 * fields as unknown, and no signature in an envelope may reach an upstream. A server that takes reasoning keeps what is not
 * sealed, which is its own.
 */
export function dropCarriers(body: JsonObject, profile: Profile): JsonObject {
  const { messages } = body;
  if (!Array.isArray(messages)) return body;
  const kept = (messages as readonly Json[]).map((message) => withoutCarriers(message, profile));
  return { ...body, messages: kept };
}

function withoutCarriers(message: Json, { reasoningField }: Profile): Json {
  if (!isJsonObject(message) || message['role'] !== 'assistant') return message;
  const takesNone = reasoningField === 'none';
  const kept = Object.entries(message).filter(([name, value]) => !isCarrier(name, value, takesNone));
  return Object.fromEntries(kept.map(([name, value]) => [name, name === CALLS ? cleanCalls(value, takesNone) : value]));
}

function cleanCalls(calls: Json | undefined, takesNone: boolean): Json | undefined {
  return Array.isArray(calls) ? (calls as readonly Json[]).map((call) => withoutExtra(call, takesNone)) : calls;
}

function withoutExtra(call: Json, takesNone: boolean): Json {
  if (!isJsonObject(call)) return call;
  return Object.fromEntries(
    Object.entries(call).filter(([name, value]) => name !== EXTRA || !isCarrier(name, value, takesNone)),
  );
}

function isCarrier(name: string, value: Json | undefined, takesNone: boolean): boolean {
  if (SEALABLE.has(name)) return takesNone || holdsSeal(value);
  return takesNone && PLAIN.has(name);
}

/** Whether a text in it is an envelope. */
function holdsSeal(value: Json | undefined): boolean {
  if (typeof value === 'string') return isEnvelope(value);
  if (typeof value !== 'object' || value === null) return false;
  return Object.values(value as object).some((inner) => holdsSeal(inner as Json));
}
