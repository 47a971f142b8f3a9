import type { UpstreamFault } from '../canonical/canonical-event.ts';
import type { Json, JsonObject } from '../canonical/json.ts';
import { parseFaithfully } from '../json/parse-faithfully.ts';
import { classifyFault } from './classify-fault.ts';
import { arrayOf, isJsonObject, numberOf, objectOf, objectsOf, textOf } from './json-values.ts';

/** Reads an error body; null when it is none that a vendor of this dialect writes, such as a proxy's HTML page. */
export function readFault(status: number, body: string): UpstreamFault | null {
  try {
    return faultIn(parseFaithfully(body), status);
  } catch {
    // Not JSON, so not an error body that could be read.
    return null;
  }
}

/**
 * The failure that a parsed body or a stream's frame reports; null when it reports none. Knows OpenAI's `{error}` (also with text
 * alone), vLLM's old `{object:"error"}`, Mistral's lists of details, FastAPI's `{detail}` and Google's `[{error}]`.
 */
export function faultIn(value: unknown, status: number): UpstreamFault | null {
  const outer: unknown = Array.isArray(value) ? value[0] : value;
  if (!isJsonObject(outer)) return null;
  const error = errorOf(outer);
  if (error === null) return null;
  const words = wordsOf(error);
  const fault = classifyFault(status === 200 ? statusIn(error) : status, words);
  return { fault, ...words, param: textOf(error.param) || null };
}

function wordsOf(error: JsonObject): Pick<UpstreamFault, 'message' | 'type' | 'code'> {
  return {
    message: messageOf(error) || 'The upstream reported an error without saying which.',
    type: textOf(error.type) || textOf(error.status) || null,
    code: textOf(error.code) || innerCode(error) || null,
  };
}

/** vLLM, Azure and Google repeat the status as the code; within an answer it is the only one that means something. */
function statusIn({ code }: JsonObject): number {
  const status = numberOf(code) ?? Number(textOf(code));
  return Number.isInteger(status) && status >= 400 ? status : 200;
}

function errorOf(outer: JsonObject): JsonObject | null {
  const { error } = outer;
  if (isJsonObject(error)) return error;
  if (typeof error === 'string' && error !== '') return { ...outer, message: error };
  if (outer.object === 'error' || outer.type === 'error') return outer;
  const isAnswer = outer.choices !== undefined || outer.data !== undefined;
  return outer.detail !== undefined && !isAnswer ? outer : null;
}

function messageOf(error: JsonObject): string {
  const { message, detail } = error;
  return textOf(message) || detailText(isJsonObject(message) ? message : error) || textOf(detail);
}

/** FastAPI's and Mistral's list: what is wrong, and where. */
function detailText({ detail }: JsonObject): string {
  if (typeof detail === 'string') return detail;
  return objectsOf(detail)
    .map((entry) => [placeOf(entry.loc), textOf(entry.msg)].filter((text) => text !== '').join(': '))
    .join('; ');
}

/** Names and indices, such as `body.messages.0.name`. */
function placeOf(loc: Json | undefined): string {
  return arrayOf(loc)
    .map((step) => textOf(step) || String(numberOf(step) ?? ''))
    .join('.');
}

/** Azure's reason behind its error. */
function innerCode(error: JsonObject): string {
  return textOf(objectOf(error.innererror).code);
}
