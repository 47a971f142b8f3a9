import { describe, expect, it } from '@jest/globals';
import { Dialect, ModelProfile, TunableParameter } from '@penstock/contracts';
import fc from 'fast-check';
import { defaultProfile } from './default-profiles.ts';
import { matchModelProfile } from './match-model-profile.ts';
import { resolveModelProfile } from './resolve-model-profile.ts';

describe('defaultProfile', () => {
  it.each(Dialect.options)('is a complete profile for %s, with a rule for each parameter', (dialect) => {
    const profile = defaultProfile(dialect);
    expect(ModelProfile.parse(profile)).toEqual(profile);
    expect(Object.keys(profile.parameters).sort()).toEqual([...TunableParameter.options].sort());
  });

  it.each(['openai-responses', 'anthropic', 'bedrock-converse'] as const)('lets %s answer only once', (dialect) => {
    expect(defaultProfile(dialect)).toMatchObject({ maxChoices: 1, parameters: { choices: 'refuse' } });
  });
});

describe('resolveModelProfile', () => {
  it('lays the later override over the earlier one and merges parameters key by key', () => {
    const profile = resolveModelProfile(
      'anthropic',
      { prefill: false, maxStops: 3, parameters: { topK: 'drop' } },
      { maxStops: 2, parameters: { seed: 'refuse' } },
    );
    expect(profile).toEqual({
      ...defaultProfile('anthropic'),
      prefill: false,
      maxStops: 2,
      parameters: { ...defaultProfile('anthropic').parameters, topK: 'drop', seed: 'refuse' },
    });
  });

  it('leaves the defaults as they are', () => {
    const before = structuredClone(defaultProfile('gemini'));
    resolveModelProfile('gemini', { parameters: { seed: 'drop' } });
    expect(defaultProfile('gemini')).toEqual(before);
  });
});

describe('matchModelProfile', () => {
  it.each([
    ['a-1', 'a-1', true],
    ['a-1', 'a-10', false],
    ['a-*', 'a-', true],
    ['*', '', true],
    ['*-4-5', 'x-4-5', true],
    ['*-4-5', 'x-4-5-y', false],
    ['a*a', 'a', false],
    ['a*a', 'aa', true],
    ['a*bc*c', 'abc', false],
    ['a*bc*c', 'axbcxc', true],
    ['**', 'x', true],
    ['a.c', 'abc', false],
    ['A*', 'abc', false],
  ])('%j on %j: %j', (match, name, expected) => {
    expect(matchModelProfile([{ match, profile: { prefill: false } }], name) !== undefined).toBe(expected);
  });

  it('takes the first match', () => {
    const entries = [
      { match: 'big-*', profile: { maxStops: 1 } },
      { match: '*', profile: { maxStops: 2 } },
    ];
    expect(matchModelProfile(entries, 'big-one')).toEqual({ maxStops: 1 });
    expect(matchModelProfile(entries, 'small')).toEqual({ maxStops: 2 });
  });

  it('agrees with a regular expression on any pattern', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', '*'), minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(word, fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 12 }), (match, name) => {
        const expected = new RegExp(`^${match.replaceAll('*', '.*')}$`).test(name);
        expect(matchModelProfile([{ match, profile: {} }], name) !== undefined).toBe(expected);
      }),
    );
  });

  it('takes linear time on a pattern made to backtrack', () => {
    const match = '*a'.repeat(127);
    expect(matchModelProfile([{ match, profile: {} }], `${'a'.repeat(100_000)}b`)).toBeUndefined();
  });
});
