import type { ModelProfile } from '@penstock/contracts';
import { isEnvelope, type Json, type JsonObject } from '@penstock/dialects';
import { isJsonObject } from './is-json-object.ts';

/** Bytes of messages up to which a text is made of them to be searched: a short text is searched faster than bytes are. */
const SHORT_BYTES = 8192;
/** Begins the names of all fields of a message that hold reasoning. */
const REASONING = '"reasoning';
const EXTRA_CONTENT = '"extra_content"';
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
  const { reasoning_details: details, extra_content: extra, tool_calls: calls, ...others } = message;
  const { reasoning: _, reasoning_content: __, ...plain } = others;
  const takesNone = reasoningField === 'none';
  return {
    ...(takesNone ? plain : others),
    ...(Array.isArray(calls) && { tool_calls: (calls as readonly Json[]).map((call) => withoutExtra(call, takesNone)) }),
    ...(calls !== undefined && !Array.isArray(calls) && { tool_calls: calls }),
    ...(details !== undefined && !takesNone && !holdsSeal(details) && { reasoning_details: details }),
    ...(extra !== undefined && !takesNone && !holdsSeal(extra) && { extra_content: extra }),
  };
}

function withoutExtra(call: Json, takesNone: boolean): Json {
  if (!isJsonObject(call)) return call;
  const { extra_content: extra, ...rest } = call;
  return extra === undefined || takesNone || holdsSeal(extra) ? rest : call;
}

/** Whether a text in it is an envelope. */
function holdsSeal(value: Json): boolean {
  if (typeof value === 'string') return isEnvelope(value);
  if (typeof value !== 'object' || value === null) return false;
  return Object.values(value as object).some((inner) => holdsSeal(inner as Json));
}
