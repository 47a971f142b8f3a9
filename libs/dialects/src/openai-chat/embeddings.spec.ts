import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { JsonObject } from '../canonical/json.ts';
import { parseFaithfully } from '../json/parse-faithfully.ts';
import { decodeEmbeddingsRequest, encodeEmbeddingsResponse, transcodeEmbeddings } from './embeddings.ts';

/** What official clients do with a base64 embedding. */
const readAsClient = (text: string): number[] => {
  const bytes = Buffer.from(text, 'base64');
  return [...new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length))];
};
const bodyOf = (embedding: JsonObject[string]): JsonObject => ({
  object: 'list',
  data: [{ object: 'embedding', index: 0, embedding, vendor: 'kept' }],
  model: 'm',
  usage: { prompt_tokens: 1, total_tokens: 1 },
});
const embeddingOf = (body: JsonObject): unknown => (body.data as readonly JsonObject[])[0]?.embedding;

describe('embeddings', () => {
  it.each([
    ['x', { kind: 'texts', texts: ['x'] }],
    [['x', 'y'], { kind: 'texts', texts: ['x', 'y'] }],
    [[1, 2], { kind: 'tokens', tokens: [[1, 2]] }],
    [[[1], [2, 3]], { kind: 'tokens', tokens: [[1], [2, 3]] }],
  ])('reads the input %j', (input, expected) => {
    expect(decodeEmbeddingsRequest({ model: 'm', input }).input).toEqual(expected);
  });

  it('reads all other fields', () => {
    const body = { model: 'm', input: 'x', dimensions: 8, encoding_format: 'base64', user: 'u', truncate: true };
    expect(decodeEmbeddingsRequest(body)).toEqual({
      model: 'm',
      input: { kind: 'texts', texts: ['x'] },
      dimensions: 8,
      encoding: 'base64',
      endUser: 'u',
      extra: { truncate: true },
    });
    expect(decodeEmbeddingsRequest({ model: 'm', input: 'x' }).encoding).toBe('float');
  });

  it.each<[JsonObject, string, string]>([
    [{ model: 'm' }, 'missing_required_parameter', 'input'],
    [{ model: 'm', input: [] }, 'invalid_request', 'input'],
    [{ model: 'm', input: 5 }, 'invalid_type', 'input'],
    [{ model: 'm', input: ['x', 5] }, 'invalid_type', 'input[1]'],
    [{ model: 'm', input: [[1], 'x'] }, 'invalid_type', 'input[1]'],
    [{ model: 'm', input: [[1, 'x']] }, 'invalid_type', 'input[0][1]'],
    [{ model: 'm', input: 'x', encoding_format: 'int8' }, 'invalid_request', 'encoding_format'],
    [{ model: 'm', input: 'x', dimensions: 0 }, 'invalid_request', 'dimensions'],
  ])('refuses %j', (body, code, param) => {
    expect(() => decodeEmbeddingsRequest(body)).toThrow(expect.objectContaining({ code, param }));
  });

  it('writes 32-bit floats, little-endian, in the order of the inputs', () => {
    const response = encodeEmbeddingsResponse({ vectors: [[1], [-2, 0.5]], model: 'm', inputTokens: 3 }, 'base64');
    expect(response).toEqual({
      object: 'list',
      data: [
        { object: 'embedding', index: 0, embedding: 'AACAPw==' },
        { object: 'embedding', index: 1, embedding: 'AAAAwAAAAD8=' },
      ],
      model: 'm',
      usage: { prompt_tokens: 3, total_tokens: 3 },
    });
  });

  it('gives clients of base64 the very numbers, and back', () => {
    fc.assert(
      fc.property(
        fc.array(fc.float({ noNaN: true, noDefaultInfinity: true }), { minLength: 1, maxLength: 50 }),
        (vector) => {
          const encoded = transcodeEmbeddings(bodyOf(vector), 'base64');
          expect(readAsClient(embeddingOf(encoded) as string)).toEqual(vector);
          expect(embeddingOf(transcodeEmbeddings(encoded, 'float'))).toEqual(vector);
        },
      ),
    );
  });

  it('reads numbers that were kept as their text', () => {
    const body = bodyOf(parseFaithfully('[1.0,1e-05,-0.50]'));
    expect(readAsClient(embeddingOf(transcodeEmbeddings(body, 'base64')) as string)).toEqual([
      1,
      Math.fround(1e-5),
      -0.5,
    ]);
  });

  it('changes nothing else, and nothing at all where nothing has to change', () => {
    const body = bodyOf([1]);
    expect(transcodeEmbeddings(body, 'float')).toBe(body);
    expect(transcodeEmbeddings(body, 'base64')).toMatchObject({
      usage: body.usage,
      data: [{ index: 0, vendor: 'kept' }],
    });
  });

  it.each([['AAA='], [''], [7], [['x']], [null]])('does not make numbers of %j', (embedding) => {
    const wanted = typeof embedding === 'string' ? 'float' : 'base64';
    expect(() => transcodeEmbeddings(bodyOf(embedding), wanted)).toThrow('cannot be read');
  });
});
