import { GatewayError } from '@penstock/contracts';
import type { Json, JsonObject } from '../canonical/json.ts';
import { UpstreamFaultError } from '../canonical/upstream-fault-error.ts';
import { decodeExtra, decodeModel } from './decode-request.ts';
import { defined } from './defined.ts';
import { arrayOf, numberOf, objectsOf } from './json-values.ts';
import { RequestFields, wrongType } from './request-fields.ts';

/** How the numbers of an embedding are written. base64: of 32-bit floats, little-endian. */
export type EmbeddingEncoding = 'float' | 'base64';

/** What a caller wants embedded. */
export interface EmbeddingsRequest {
  readonly model: string;
  readonly input:
    | { readonly kind: 'texts'; readonly texts: readonly string[] }
    | { readonly kind: 'tokens'; readonly tokens: readonly (readonly number[])[] };
  readonly dimensions?: number;
  readonly encoding: EmbeddingEncoding;
  readonly endUser?: string;
  readonly extra: JsonObject;
}

/** Embeddings in the order of the inputs. */
export interface EmbeddingsResponse {
  readonly vectors: readonly (readonly number[])[];
  /** The name by which the caller asked. */
  readonly model: string;
  readonly inputTokens: number;
}

const KNOWN_FIELDS: ReadonlySet<string> = new Set(['model', 'input', 'dimensions', 'encoding_format', 'user']);
const FLOAT_BYTES = 4;

/** Reads a request of POST /v1/embeddings. Throws `GatewayError`. */
export function decodeEmbeddingsRequest(body: JsonObject): EmbeddingsRequest {
  const fields = new RequestFields(body, '');
  return defined<EmbeddingsRequest>({
    model: decodeModel(fields),
    input: decodeInput(fields),
    dimensions: fields.integer('dimensions', 1),
    encoding: decodeEncoding(fields),
    endUser: fields.string('user'),
    extra: decodeExtra(fields, KNOWN_FIELDS),
  });
}

function decodeEncoding(fields: RequestFields): EmbeddingEncoding {
  const encoding = fields.string('encoding_format') ?? 'float';
  if (encoding === 'float' || encoding === 'base64') return encoding;
  return fields.refuse('encoding_format', 'must be float or base64');
}

function decodeInput(fields: RequestFields): EmbeddingsRequest['input'] {
  const value = fields.value('input');
  if (value === null) {
    throw new GatewayError('missing_required_parameter', "Missing required parameter: 'input'.", { param: 'input' });
  }
  if (typeof value === 'string') return { kind: 'texts', texts: [value] };
  if (!Array.isArray(value)) return wrongType('input', 'string or array', value);
  const items = fields.array('input') ?? [];
  const [first] = items;
  if (first === undefined) return fields.refuse('input', 'must not be empty');
  if (typeof first === 'string') return { kind: 'texts', texts: items.map(textAt) };
  const lists = Array.isArray(first) ? items.map(tokensAt) : [tokensOf(items, 'input')];
  return { kind: 'tokens', tokens: lists };
}

function textAt(item: Json, index: number): string {
  return typeof item === 'string' ? item : wrongType(`input[${index}]`, 'string', item);
}

function tokensAt(item: Json, index: number): readonly number[] {
  const path = `input[${index}]`;
  return Array.isArray(item) ? tokensOf(arrayOf(item), path) : wrongType(path, 'array', item);
}

function tokensOf(items: readonly Json[], path: string): readonly number[] {
  return items.map((item, index) => numberOf(item) ?? wrongType(`${path}[${index}]`, 'integer', item));
}

/** Writes an answer of POST /v1/embeddings. */
export function encodeEmbeddingsResponse(response: EmbeddingsResponse, encoding: EmbeddingEncoding): JsonObject {
  const { vectors, model, inputTokens } = response;
  return {
    object: 'list',
    data: vectors.map((vector, index) => ({ object: 'embedding', index, embedding: writeVector(vector, encoding) })),
    model,
    usage: { prompt_tokens: inputTokens, total_tokens: inputTokens },
  };
}

/**
 * An upstream's answer in the encoding that the caller wants: official clients ask for base64 and read floats as nothing at all.
 * The answer itself when there is nothing to change. Throws `UpstreamFaultError` for an embedding that cannot be read.
 */
export function transcodeEmbeddings(body: JsonObject, wanted: EmbeddingEncoding): JsonObject {
  const items = objectsOf(body.data);
  if (items.every(({ embedding }) => isWritten(embedding, wanted))) return body;
  const data = items.map((item) =>
    isWritten(item.embedding, wanted) ? item : { ...item, embedding: writeVector(readVector(item.embedding), wanted) },
  );
  return { ...body, data };
}

function isWritten(embedding: Json | undefined, encoding: EmbeddingEncoding): boolean {
  return encoding === 'base64' ? typeof embedding === 'string' : Array.isArray(embedding);
}

function writeVector(vector: readonly number[], encoding: EmbeddingEncoding): Json {
  if (encoding === 'float') return vector;
  const bytes = Buffer.allocUnsafe(vector.length * FLOAT_BYTES);
  vector.forEach((value, index) => bytes.writeFloatLE(value, index * FLOAT_BYTES));
  return bytes.toString('base64');
}

function readVector(embedding: Json | undefined): readonly number[] {
  if (typeof embedding === 'string') return readFloats(Buffer.from(embedding, 'base64'));
  if (!Array.isArray(embedding)) throw unreadable();
  return embedding.map((value: Json) => {
    const number = numberOf(value);
    if (number === null) throw unreadable();
    return number;
  });
}

function readFloats(bytes: Buffer): readonly number[] {
  if (bytes.length === 0 || bytes.length % FLOAT_BYTES !== 0) throw unreadable();
  return Array.from({ length: bytes.length / FLOAT_BYTES }, (_, index) => bytes.readFloatLE(index * FLOAT_BYTES));
}

function unreadable(): UpstreamFaultError {
  const message = 'The upstream sent an embedding that cannot be read.';
  return new UpstreamFaultError({ fault: 'upstream', message, type: null, code: null, param: null });
}
