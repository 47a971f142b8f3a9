import { describe, expect, it } from '@jest/globals';
import type { Dialect, ModelProfileOverrides } from '@penstock/contracts';
import fc from 'fast-check';
import type { CanonicalRequest, ReasoningRequest } from '../canonical-request.ts';
import { budgetOfEffort, effortOfBudget, nearestEffort } from './effort-scale.ts';
import { prepareRequest } from './prepare-request.ts';
import { contextOf, requestOf } from './testing/prepare-fixture.test.ts';

function fit(
  reasoning: ReasoningRequest,
  upstream: Dialect,
  overrides: ModelProfileOverrides,
  fields: Partial<CanonicalRequest> = {},
) {
  const context = contextOf(upstream, overrides);
  const { request } = prepareRequest(requestOf({ reasoning, ...fields }), context);
  return { request, reasoning: request.reasoning, warnings: context.warnings.header() };
}

describe('the scale of efforts', () => {
  it.each([
    [1999, 'low'],
    [2000, 'medium'],
    [8000, 'high'],
    [23_999, 'high'],
    [24_000, 'xhigh'],
  ] as const)('takes a budget of %i for %s', (budget, effort) => expect(effortOfBudget(budget)).toBe(effort));

  it.each([
    ['xhigh', ['low', 'medium', 'high', 'max'], 'max'],
    ['xhigh', ['minimal', 'low', 'medium', 'high'], 'high'],
    ['minimal', ['none', 'low', 'high'], 'low'],
    ['medium', ['none', 'high'], 'high'],
    ['medium', [], 'medium'],
  ] as const)('finds near %s among %j: %s', (effort, accepted, expected) => {
    expect(nearestEffort(effort, accepted)).toBe(expected);
  });

  it('gives shares of the output', () => {
    const shares = (['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'] as const).map((effort) =>
      budgetOfEffort(effort, 1000),
    );
    expect(shares).toEqual([0, 20, 100, 300, 600, 900, 900]);
  });
});

describe('reasoning for a Claude that counts tokens', () => {
  const model = { maxOutputTokens: 64_000 };

  it('is a share of the output, on top of what the caller asked for', () => {
    const { request } = fit({ effort: 'low' }, 'anthropic', model, { maxOutputTokens: 1000 });
    expect(request).toMatchObject({ reasoning: { budget: 6400 }, maxOutputTokens: 7400 });
  });

  it('stays below the most that the model gives', () => {
    const { request } = fit({ effort: 'max' }, 'anthropic', model, { maxOutputTokens: 20_000 });
    expect(request).toMatchObject({ reasoning: { budget: 57_600 }, maxOutputTokens: 64_000 });
  });

  it('keeps the budget of a caller who counted it', () => {
    const { request } = fit({ budget: 4000, display: 'omitted' }, 'anthropic', model, { maxOutputTokens: 5000 });
    expect(request).toMatchObject({ reasoning: { budget: 4000, display: 'omitted' }, maxOutputTokens: 5000 });
  });

  it('always leaves room for an answer', () => {
    const wish = fc.oneof(
      fc.record({ effort: fc.constantFrom('minimal', 'low', 'medium', 'high', 'xhigh', 'max') }),
      fc.record({ budget: fc.nat(100_000) }),
    );
    fc.assert(
      fc.property(wish, fc.nat(100_000), fc.integer({ min: 1, max: 128_000 }), (reasoning, asked, most) => {
        const { request } = fit(reasoning, 'anthropic', { maxOutputTokens: most }, { maxOutputTokens: asked });
        const bound = request.maxOutputTokens ?? 0;
        expect(bound).toBeLessThanOrEqual(most);
        const budget = request.reasoning?.budget;
        if (budget === undefined) expect(most).toBeLessThanOrEqual(1024);
        else expect([budget >= 1024, budget < bound]).toEqual([true, true]);
      }),
      { examples: [[{ effort: 'minimal' }, 0, 1025]] },
    );
  });

  it('is switched off when the thinking that led to the tools is lost', () => {
    const turns = [
      { role: 'user', parts: [{ type: 'text', text: 'go' }] },
      {
        role: 'assistant',
        parts: [
          { type: 'reasoning', text: 'hm', signature: { dialect: 'gemini', modelGroup: 'g', value: 's' } },
          { type: 'tool-call', id: 'a', name: 'f', arguments: '{}', kind: 'function' },
        ],
      },
      { role: 'user', parts: [{ type: 'tool-result', callId: 'a', parts: [], isError: false }] },
    ] as const;
    const { reasoning, warnings } = fit({ effort: 'high' }, 'anthropic', model, { turns });
    expect(reasoning).toEqual({ effort: 'none' });
    expect(warnings).toBe('converted:reasoning_effort');
    const adaptive = fit({ effort: 'high' }, 'anthropic', { ...model, thinking: 'adaptive' }, { turns });
    expect(adaptive.reasoning).toEqual({ effort: 'high' });
  });
});

describe('reasoning for Gemini', () => {
  it('is a share of the output within what its models take', () => {
    const budget = (reasoning: ReasoningRequest, fields = {}) =>
      fit(reasoning, 'gemini', { maxOutputTokens: 65_536 }, fields).reasoning;
    expect(budget({ effort: 'medium' })).toEqual({ budget: 19_660 });
    expect(budget({ effort: 'high' })).toEqual({ budget: 24_576 });
    expect(budget({ effort: 'medium' }, { maxOutputTokens: 10_000 })).toEqual({ budget: 3000 });
    expect(budget({ budget: 10 })).toEqual({ budget: 512 });
    expect(budget({ effort: 'none' })).toEqual({ effort: 'none' });
  });

  it('is a level for models that know levels', () => {
    const level = (reasoning: ReasoningRequest) =>
      fit(reasoning, 'gemini', { thinking: 'level', thinkingOff: false }).reasoning;
    expect(level({ effort: 'max' })).toEqual({ effort: 'high' });
    expect(level({ budget: 3000 })).toEqual({ effort: 'medium' });
    expect(level({ effort: 'none' })).toEqual({ effort: 'minimal', display: 'omitted' });
  });
});

describe('reasoning in words', () => {
  it.each([
    [{ budget: 31_999 }, { effort: 'high' }, 'converted:thinking'],
    [{ budget: 4000 }, { effort: 'medium' }, null],
    [{ budget: 4000, effort: 'high' }, { effort: 'high' }, null],
    [{ effort: 'none' }, { effort: 'none' }, null],
  ] as const)('of a Messages caller: %j is %j', (asked, expected, warning) => {
    const { reasoning, warnings } = fit(asked, 'openai-chat', {}, { dialect: 'anthropic' });
    expect(reasoning).toEqual(expected);
    expect(warnings).toBe(warning);
  });

  it('asks the Responses API for a summary, unless nobody reads it', () => {
    const shown = (reasoning: ReasoningRequest) => fit(reasoning, 'openai-responses', {}).reasoning;
    expect(shown({ effort: 'high' })).toEqual({ effort: 'high', summary: 'auto' });
    expect(shown({ effort: 'high', display: 'omitted' })).toEqual({ effort: 'high', display: 'omitted' });
  });

  it('shows its thinking to a Responses caller who asked for a summary', () => {
    const { reasoning } = fit({ effort: 'high', summary: 'detailed' }, 'anthropic', { thinking: 'adaptive' });
    expect(reasoning).toEqual({ effort: 'high', summary: 'detailed', display: 'summarized' });
  });

  it('is lost on a model that does not think', () => {
    const { reasoning, warnings } = fit({ effort: 'high' }, 'openai-chat', { thinking: 'none' });
    expect(reasoning).toBeUndefined();
    expect(warnings).toBe('dropped:reasoning_effort');
    expect(fit({ effort: 'none' }, 'openai-chat', { thinking: 'none' }).warnings).toBeNull();
  });
});

describe('reasoning beside a forced tool', () => {
  const tools = {
    tools: [{ kind: 'function', name: 'f' }],
    toolChoice: { mode: 'required' },
  } as const;

  it('is switched off, and the tool stays forced', () => {
    const { request, warnings } = fit({ effort: 'high' }, 'anthropic', { thinking: 'adaptive' }, tools);
    expect(request).toMatchObject({ reasoning: { effort: 'none' }, toolChoice: { mode: 'required' } });
    expect(warnings).toBe('converted:reasoning_effort');
  });

  it('goes on where it cannot be switched off, and the tool is left to the model', () => {
    const profile = { thinking: 'adaptive', thinkingOff: false } as const;
    const { request, warnings } = fit({ effort: 'high' }, 'anthropic', profile, tools);
    expect(request).toMatchObject({ reasoning: { effort: 'high' }, toolChoice: { mode: 'auto' } });
    expect(warnings).toBe('converted:tool_choice');
  });
});
