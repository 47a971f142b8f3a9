import type { Json, JsonObject } from '../canonical/json.ts';
import { arrayOf, objectOf, objectsOf } from './json-fields.ts';

/** Chat's form of token probabilities, which is the canonical one; undefined when there are none. */
export function toChatLogprobs(tokens: Json | undefined): JsonObject | undefined {
  const content = objectsOf(tokens).map(wholeToken);
  return content.length === 0 ? undefined : { content, refusal: null };
}

/** The tokens of Chat's form. */
export function fromChatLogprobs(logprobs: Json | undefined): readonly JsonObject[] {
  return objectsOf(objectOf(logprobs)?.['content']).map(wholeToken);
}

/** A token with all fields that the official types of both dialects require. */
function wholeToken(token: JsonObject): JsonObject {
  const top = objectsOf(token['top_logprobs']).map((alternative) => withBytes(alternative));
  return { ...withBytes(token), top_logprobs: top };
}

const withBytes = ({ token, bytes, logprob }: JsonObject): JsonObject => ({
  token: token ?? '',
  bytes: arrayOf(bytes),
  logprob: logprob ?? 0,
});
