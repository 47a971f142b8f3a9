import type { Json, JsonObject } from '../canonical/json.ts';
import { numberOf, objectOf, objectsOf, stringOf } from './json-fields.ts';

/** Gemini's `logprobsResult` in Chat's shape; undefined when there is none. */
export function decodeLogprobs(value: Json | undefined): Json | undefined {
  const result = objectOf(value);
  const chosen = objectsOf(result?.['chosenCandidates']);
  if (chosen.length === 0) return undefined;
  const alternatives = objectsOf(result?.['topCandidates']);
  const content = chosen.map((token, index) => ({
    ...logprob(token),
    top_logprobs: objectsOf(alternatives[index]?.['candidates']).map(logprob),
  }));
  return { content, refusal: null };
}

function logprob(token: JsonObject): JsonObject {
  const text = stringOf(token['token']) ?? '';
  return { token: text, logprob: numberOf(token['logProbability']) ?? 0, bytes: [...Buffer.from(text)] };
}
