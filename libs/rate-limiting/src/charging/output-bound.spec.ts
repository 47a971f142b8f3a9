import { describe, expect, it } from '@jest/globals';
import type { ModelProfile } from '@penstock/contracts';
import { resolveModelProfile } from '@penstock/dialects';
import { outputBoundOf, type OutputTerms } from './output-bound.ts';

const bound = (asked: number | null, profile: Partial<ModelProfile>, more: Partial<OutputTerms> = {}) => {
  const terms = { dialect: 'openai-chat', translated: false, thinks: false, ...more } as const;
  return outputBoundOf(asked, { ...terms, profile: resolveModelProfile(terms.dialect, profile) }, 4096);
};

describe('outputBoundOf', () => {
  it("is the caller's, up to the model's", () => {
    expect([bound(100, { maxOutputTokens: 300 }), bound(500, { maxOutputTokens: 300 }), bound(500, {})]).toEqual([
      100, 300, 500,
    ]);
  });

  it("is the model's without one, and else what is set for all", () =>
    expect([bound(null, { maxOutputTokens: 300 }), bound(null, {})]).toEqual([300, 4096]));

  it('is at least what the upstream takes', () => {
    expect([bound(0, {}), bound(5, {}, { dialect: 'openai-responses', translated: true })]).toEqual([1, 16]);
    expect(bound(5, {}, { dialect: 'openai-responses' })).toBe(5);
  });

  it('has room for thinking that translation adds', () => {
    const claude = { dialect: 'anthropic', translated: true } as const;
    expect(bound(null, { defaultMaxOutputTokens: 700 }, claude)).toBe(700);
    expect(bound(1000, { maxOutputTokens: 8000 }, { ...claude, thinks: true })).toBe(8000);
    expect(bound(1000, {}, { ...claude, thinks: true })).toBe(33_768);
    expect(bound(1000, { maxOutputTokens: 8000 }, claude)).toBe(1000);
  });

  it('fits into a usage event', () => expect(bound(Number.MAX_SAFE_INTEGER, {})).toBe(1_000_000_000));
});
