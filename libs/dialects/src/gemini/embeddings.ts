import { GatewayError } from '@penstock/contracts';
import type { CanonicalUsage } from '../canonical/canonical-usage.ts';
import type { Json, JsonObject } from '../canonical/json.ts';
import { UpstreamFaultError } from '../canonical/upstream-fault-error.ts';
import type { Warnings } from '../canonical/warnings.ts';
import { faultOf, upstreamFault } from './errors.ts';
import { arrayOf, numberOf, objectOf, objectsOf } from './json-fields.ts';
import { readUsage } from './read-usage.ts';

/** Most texts that Gemini takes in one batch. */
export const MAX_GEMINI_EMBEDDINGS = 100;

/** What an embeddings request becomes at Gemini: `:embedContent` for one text, `:batchEmbedContents` for several. */
export interface GeminiEmbeddingsRequest {
  readonly operation: 'embedContent' | 'batchEmbedContents';
  readonly body: JsonObject;
  readonly count: number;
}

/** Vectors in the order of the texts. */
export interface GeminiEmbeddings {
  readonly vectors: readonly (readonly number[])[];
  /** Null when Gemini reports none, as its own API does; it is estimated then. */
  readonly usage: CanonicalUsage | null;
}

/** Fields that the gateway answers for itself, or that change nothing. */
const HANDLED: ReadonlySet<string> = new Set(['model', 'input', 'dimensions', 'encoding_format', 'task_type']);

/**
 * Writes an OpenAI embeddings request for Gemini. Throws GatewayError for what it has no word for: token arrays, and more
 * texts than a batch holds. `task_type` (Gemini's own) is passed on; `encoding_format` is the gateway's to fulfil.
 */
export function encodeGeminiEmbeddings(
  body: JsonObject,
  upstreamModel: string,
  warnings: Warnings,
): GeminiEmbeddingsRequest {
  const texts = textsOf(body['input']);
  for (const [name, value] of Object.entries(body)) {
    if (value !== undefined && value !== null && !HANDLED.has(name)) warnings.add('dropped', name);
  }
  const model = `models/${upstreamModel.replace(/^models\//, '')}`;
  const settings = {
    ...(typeof body['task_type'] === 'string' && { taskType: body['task_type'] }),
    ...dimensionsOf(body['dimensions']),
  };
  const requests = texts.map((text) => ({ model, content: { parts: [{ text }] }, ...settings }));
  const [first] = requests;
  return first && requests.length === 1
    ? { operation: 'embedContent', body: first, count: 1 }
    : { operation: 'batchEmbedContents', body: { requests }, count: requests.length };
}

/** Reads either answer. Throws `UpstreamFaultError` for an error, and when vectors are missing. */
export function decodeGeminiEmbeddings(body: JsonObject, count: number): GeminiEmbeddings {
  const fault = faultOf(body, 200);
  if (fault) throw new UpstreamFaultError(fault);
  const single = objectOf(body['embedding']);
  const vectors = (single ? [single] : objectsOf(body['embeddings'])).map(({ values }) => vectorOf(values));
  if (vectors.length !== count) {
    throw new UpstreamFaultError(upstreamFault(`The upstream gave ${vectors.length} embeddings for ${count} inputs.`));
  }
  return { vectors, usage: readUsage(body) };
}

function vectorOf(values: Json | undefined): number[] {
  const vector = arrayOf(values).map(numberOf);
  if (vector.length === 0 || !vector.every((value) => value !== undefined)) {
    throw new UpstreamFaultError(upstreamFault('The upstream gave an embedding that is no vector.'));
  }
  return vector;
}

function textsOf(input: Json | undefined): string[] {
  if (input === undefined || input === null) {
    throw new GatewayError('missing_required_parameter', "'input' is missing.", { param: 'input' });
  }
  const items = Array.isArray(input) ? arrayOf(input) : [input];
  const texts = items.filter((item) => typeof item === 'string');
  if (texts.length !== items.length) {
    const message = 'The model that serves this request embeds texts only, not arrays of tokens.';
    throw new GatewayError('unsupported_content', message, { param: 'input' });
  }
  if (texts.length === 0 || texts.length > MAX_GEMINI_EMBEDDINGS) {
    const message = `'input' must hold 1 to ${MAX_GEMINI_EMBEDDINGS} texts for this model.`;
    throw new GatewayError('invalid_request', message, { param: 'input' });
  }
  return texts;
}

function dimensionsOf(value: Json | undefined): { outputDimensionality?: number } {
  if (value === undefined || value === null) return {};
  const dimensions = numberOf(value);
  if (dimensions === undefined || !Number.isInteger(dimensions) || dimensions < 1) {
    throw new GatewayError('invalid_type', "'dimensions' must be a positive integer.", { param: 'dimensions' });
  }
  return { outputDimensionality: dimensions };
}
