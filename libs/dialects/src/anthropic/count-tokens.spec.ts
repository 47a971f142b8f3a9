import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../canonical/json.ts';
import { estimateInputTokens, renderTokenCount } from './count-tokens.ts';
import { decodeCountRequest } from './decode-request.ts';

const estimate = (content: unknown, extra: object = {}): number =>
  estimateInputTokens(
    decodeCountRequest({ model: 'm', messages: [{ role: 'user', content }], ...extra } as JsonObject),
  );
const text = 'The quick brown fox jumps over the lazy dog. '.repeat(100);

describe('estimateInputTokens', () => {
  it('counts text from above, but not by far', () => {
    // English has some 10 tokens in this sentence, whatever the tokenizer.
    expect(estimate(text)).toBeGreaterThan(1000);
    expect(estimate(text)).toBeLessThan(2000);
    expect(estimate('漢字'.repeat(100))).toBeGreaterThanOrEqual(200);
  });

  it('counts tools, system, schema, calls and results', () => {
    const least = estimate('x');
    const parts = [
      estimate('x', { system: text }),
      estimate('x', { tools: [{ name: 'f', input_schema: { type: 'object', description: text } }] }),
      estimate('x', { tools: [{ type: 'web_search_20250305', name: 'web_search', note: text }] }),
      estimate('x', { output_config: { format: { type: 'json_schema', schema: { description: text } } } }),
      estimate([{ type: 'tool_result', tool_use_id: 'c', content: [{ type: 'text', text }] }]),
      estimate([{ type: 'document', source: { type: 'text', media_type: 'text/plain', data: text } }]),
      estimate([{ type: 'new_kind', data: text }]),
    ];
    for (const part of parts) expect(part).toBeGreaterThan(least + 1000);
  });

  it('takes every image for a large one, whatever its bytes, and a document by its size', () => {
    const media = (type: string, length: number) =>
      estimate([{ type, source: { type: 'base64', media_type: 'x/y', data: 'A'.repeat(length) } }]);
    expect(media('image', 100)).toBe(media('image', 500_000));
    expect(media('image', 4)).toBeGreaterThanOrEqual(1600);
    expect(media('document', 4)).toBeGreaterThanOrEqual(2500);
    expect(media('document', 1_000_000)).toBeGreaterThanOrEqual(25_000);
  });

  it('is answered in one field', () => {
    expect(renderTokenCount(5)).toEqual({ input_tokens: 5 });
  });
});
