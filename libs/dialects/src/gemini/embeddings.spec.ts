import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../canonical/json.ts';
import { UpstreamFaultError } from '../canonical/upstream-fault-error.ts';
import { Warnings } from '../canonical/warnings.ts';
import { decodeGeminiEmbeddings, encodeGeminiEmbeddings, MAX_GEMINI_EMBEDDINGS } from './embeddings.ts';

const encode = (body: JsonObject, warnings = new Warnings('lenient')) => encodeGeminiEmbeddings(body, 'e-1', warnings);

describe('an embeddings request for Gemini', () => {
  it.each(['a', ['a']])('asks for one text alone: %j', (input) => {
    const body = { model: 'models/e-1', content: { parts: [{ text: 'a' }] } };
    expect(encode({ model: 'x', input, encoding_format: 'base64' })).toEqual({
      operation: 'embedContent',
      body,
      count: 1,
    });
  });

  it('asks for several in one batch, in order', () => {
    const settings = { outputDimensionality: 8, taskType: 'RETRIEVAL_QUERY' };
    const { operation, body, count } = encode({ input: ['a', 'b'], dimensions: 8, task_type: 'RETRIEVAL_QUERY' });
    expect([operation, count]).toEqual(['batchEmbedContents', 2]);
    expect(body).toEqual({
      requests: ['a', 'b'].map((text) => ({ model: 'models/e-1', content: { parts: [{ text }] }, ...settings })),
    });
  });

  it('reports what Gemini does not know', () => {
    const warnings = new Warnings('lenient');
    encode({ input: 'a', user: 'u', dimensions: null }, warnings);
    expect(warnings.header()).toBe('dropped:user');
  });

  it.each([
    [{}, 'missing_required_parameter', 'input'],
    [{ input: [] }, 'invalid_request', 'input'],
    [{ input: [1, 2] }, 'unsupported_content', 'input'],
    [{ input: [[1, 2]] }, 'unsupported_content', 'input'],
    [{ input: Array.from({ length: MAX_GEMINI_EMBEDDINGS + 1 }, () => 'a') }, 'invalid_request', 'input'],
    [{ input: 'a', dimensions: 1.5 }, 'invalid_type', 'dimensions'],
  ])('is refused for %j', (body, code, param) => {
    expect(() => encode(body)).toThrow(expect.objectContaining({ code, param }));
  });
});

describe("Gemini's embeddings", () => {
  it('are vectors in order, with usage where it is told', () => {
    expect(decodeGeminiEmbeddings({ embedding: { values: [0.5, -1] } }, 1)).toEqual({
      vectors: [[0.5, -1]],
      usage: null,
    });
    const many = { embeddings: [{ values: [1] }, { values: [2] }], usageMetadata: { promptTokenCount: 7 } };
    expect(decodeGeminiEmbeddings(many, 2)).toMatchObject({ vectors: [[1], [2]], usage: { inputUncached: 7 } });
  });

  it.each([
    [{ embeddings: [{ values: [1] }] }],
    [{ embeddings: [{ values: [1] }, { values: [] }] }],
    [{ embeddings: [{ values: [1] }, { values: ['2'] }] }],
    [{ error: { code: 429, message: 'm' } }],
    [{}],
  ])('are a fault when some are missing: %j', (body) => {
    expect(() => decodeGeminiEmbeddings(body, 2)).toThrow(UpstreamFaultError);
  });
});
