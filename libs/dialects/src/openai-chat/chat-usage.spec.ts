import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { inputTokensOf } from '../canonical/canonical-usage.ts';
import type { JsonObject } from '../canonical/json.ts';
import { decodeUsage, encodeUsage } from './chat-usage.ts';

const NONE = { inputUncached: 0, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0, output: 0 };

describe('decodeUsage of Chat', () => {
  it.each<[string, JsonObject, object]>([
    [
      'OpenAI (N02)',
      {
        prompt_tokens: 130,
        completion_tokens: 9,
        prompt_tokens_details: { cached_tokens: 100, cache_write_tokens: 20 },
        completion_tokens_details: { reasoning_tokens: 4 },
      },
      { inputUncached: 10, cacheRead: 100, cacheWrite5m: 20, output: 9, reasoning: 4 },
    ],
    ['a total without its output', { prompt_tokens: 3, total_tokens: 8 }, { inputUncached: 3, output: 5 }],
    [
      'an output of null',
      { prompt_tokens: 3, completion_tokens: null, total_tokens: 8 },
      { inputUncached: 3, output: 5 },
    ],
    [
      'Mistral',
      { prompt_tokens: 10, completion_tokens: 1, num_cached_tokens: 4 },
      { inputUncached: 6, cacheRead: 4, output: 1 },
    ],
    [
      'DeepSeek',
      { prompt_tokens: 10, completion_tokens: 1, prompt_cache_hit_tokens: 8, prompt_cache_miss_tokens: 2 },
      { inputUncached: 2, cacheRead: 8, output: 1 },
    ],
    [
      'xAI',
      { prompt_tokens: 10, completion_tokens: 1, total_tokens: 16, completion_tokens_details: { reasoning_tokens: 5 } },
      { inputUncached: 10, output: 6, reasoning: 5 },
    ],
    [
      'one who caches more than there is',
      { prompt_tokens: 5, completion_tokens: 0, prompt_tokens_details: { cached_tokens: 9 } },
      { cacheRead: 5 },
    ],
    ['an explicit zero', { prompt_tokens: 0, completion_tokens: 0 }, {}],
  ])('reads %s', (_name, usage, expected) => {
    expect(decodeUsage(usage)).toEqual({ ...NONE, ...expected });
  });

  it.each([
    null,
    undefined,
    'x',
    {},
    { prompt_tokens: -1 },
    { prompt_tokens: 1.5 },
    { prompt_tokens: 1e300 },
    { prompt_tokens: 1, completion_tokens: 'x' },
    { prompt_tokens: 1 },
    { prompt_tokens: 1, completion_tokens: null },
    { prompt_tokens: 3, total_tokens: 3, prompt_tokens_details: null },
    { prompt_tokens: 3, total_tokens: 'x' },
  ])('does not believe %j', (usage) => {
    expect(decodeUsage(usage)).toBeNull();
  });

  it('takes a missing output for none where there is none', () => {
    const usage = { prompt_tokens: 3, total_tokens: 3, prompt_tokens_details: null };
    expect(decodeUsage(usage, false)).toEqual({ ...NONE, inputUncached: 3 });
  });

  it('adds up, however it is told', () => {
    const count = fc.nat(1000);
    const details = fc.record(
      { cached_tokens: count, cache_write_tokens: count, audio_tokens: count, image_tokens: count },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(count, count, details, (prompt_tokens, completion_tokens, prompt_tokens_details) => {
        const usage = decodeUsage({ prompt_tokens, completion_tokens, prompt_tokens_details });
        expect(usage && inputTokensOf(usage)).toBe(prompt_tokens);
        expect(usage && Math.min(...Object.values(usage))).toBeGreaterThanOrEqual(0);
        expect(usage && decodeUsage(encodeUsage(usage))).toEqual(usage);
      }),
    );
  });
});
