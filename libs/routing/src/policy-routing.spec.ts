import { describe, expect, it } from '@jest/globals';
import { compileHeaderChoice } from './header-choice.ts';
import { compileModelRules } from './model-rules.ts';

describe('the choice of a provider by a header', () => {
  const mappings = [{ headerValue: 'Claude', provider: 'anthropic' }];

  it('compares without case, and takes the first of several values', () => {
    const choose = compileHeaderChoice({ headerName: 'x-provider', mappings });
    expect([choose('CLAUDE'), choose(' claude , other'), choose(['claude', 'other'])]).toEqual([
      'anthropic',
      'anthropic',
      'anthropic',
    ]);
    expect([choose(undefined), choose(''), choose('other')]).toEqual([undefined, undefined, undefined]);
  });

  it('falls back to the default provider', () => {
    const choose = compileHeaderChoice({ headerName: 'x-provider', defaultProvider: 'openai', mappings });
    expect([choose(undefined), choose(''), choose('other'), choose('claude')]).toEqual([
      'openai',
      'openai',
      'openai',
      'anthropic',
    ]);
  });
});

describe('the rules of a model router', () => {
  it('match names with * anywhere, the first rule first', () => {
    const find = compileModelRules([
      { match: 'gpt-*-mini', provider: 'small' },
      { match: 'gpt-*', provider: 'large' },
      { match: '*', provider: 'rest' },
    ]);
    expect(['gpt-5-mini', 'gpt-5', 'gpt-mini', 'claude'].map((model) => find(model)?.provider)).toEqual([
      'small',
      'large',
      'large',
      'rest',
    ]);
    expect(compileModelRules([{ match: 'a*a', provider: 'x' }])('a')).toBeUndefined();
  });
});
