import { describe, expect, it } from '@jest/globals';
import type { Dialect, ModelProfileOverrides } from '@penstock/contracts';
import type { CanonicalRequest } from '../canonical-request.ts';
import { prepareRequest } from './prepare-request.ts';
import { contextOf, requestOf } from './testing/prepare-fixture.test.ts';

function fit(fields: Partial<CanonicalRequest>, upstream: Dialect, overrides: ModelProfileOverrides = {}) {
  const context = contextOf(upstream, overrides);
  const { request } = prepareRequest(requestOf(fields), context);
  return { request, warnings: context.warnings.header() };
}

describe('sampling', () => {
  it('is clamped to the highest temperature', () => {
    const { request, warnings } = fit({ temperature: 1.7 }, 'anthropic');
    expect(request.temperature).toBe(1);
    expect(warnings).toBe('clamped:temperature');
  });

  it('loses top-p where it may not stand beside a temperature', () => {
    const { request, warnings } = fit({ temperature: 0.5, topP: 0.5 }, 'anthropic');
    expect(request).toMatchObject({ temperature: 0.5 });
    expect(request).not.toHaveProperty('topP');
    expect(warnings).toBe('dropped:top_p');
  });

  it.each([
    ['a Claude that thinks', { reasoning: { budget: 2000 } }, {}],
    ['an API without sampling', {}, { anthropicVersion: '2026-10-21' }],
  ])('goes with %s', (_, fields, overrides) => {
    const { request, warnings } = fit({ temperature: 0.5, topP: 1, topK: 4, ...fields }, 'anthropic', overrides);
    expect(request).not.toHaveProperty('temperature');
    expect(request).not.toHaveProperty('topP');
    expect(request).not.toHaveProperty('topK');
    expect(warnings).toBe('dropped:temperature, dropped:top_k');
  });
});

describe('the bound of the output', () => {
  it.each([
    ['anthropic', undefined, null, 8192, null],
    ['anthropic', undefined, 4096, 4096, null],
    ['anthropic', 9000, 4096, 4096, 'clamped:max_completion_tokens'],
    ['openai-responses', 1, null, 16, 'clamped:max_completion_tokens'],
    ['openai-chat', 1, null, 1, null],
    ['openai-chat', undefined, 4096, undefined, null],
  ] as const)('for %s asked for %j of at most %j is %j', (...[upstream, asked, most, expected, warning]) => {
    const fields = asked === undefined ? {} : { maxOutputTokens: asked };
    const { request, warnings } = fit(fields, upstream, { maxOutputTokens: most });
    expect(request.maxOutputTokens).toBe(expected);
    expect(warnings).toBe(warning);
  });
});

describe('stop sequences', () => {
  it.each([
    ['anthropic', ['\n', 'END'], ['END'], 'dropped:stop'],
    ['openai-chat', ['\n', 'END', ''], ['\n', 'END'], null],
    ['gemini', ['1', '2', '3', '4', '5', '6'], ['1', '2', '3', '4', '5'], 'clamped:stop'],
    ['bedrock-converse', [' '], undefined, 'dropped:stop'],
  ] as const)('for %s of %j are %j', (upstream, stop, expected, warning) => {
    const { request, warnings } = fit({ stop }, upstream);
    expect(request.stop).toEqual(expected);
    expect(warnings).toBe(warning);
  });
});

describe('choices', () => {
  it('are refused where the model gives fewer, or Gemini streams', () => {
    const refusal = expect.objectContaining({ code: 'unsupported_parameter', param: 'n' });
    expect(() => fit({ choices: 9 }, 'gemini')).toThrow(refusal);
    expect(() => fit({ choices: 2, stream: true }, 'gemini')).toThrow(refusal);
    expect(fit({ choices: 2 }, 'gemini').request.choices).toBe(2);
  });
});

describe('the service tier', () => {
  it.each([
    ['anthropic', 'flex', undefined, 'dropped:service_tier'],
    ['anthropic', 'default', 'default', null],
    ['gemini', 'auto', undefined, null],
    ['bedrock-converse', 'priority', 'priority', null],
    ['openai-responses', 'scale', 'scale', null],
  ] as const)('for %s of %s is %j', (upstream, serviceTier, expected, warning) => {
    const { request, warnings } = fit({ serviceTier }, upstream);
    expect(request.serviceTier).toBe(expected);
    expect(warnings).toBe(warning);
  });
});

describe('the end user', () => {
  it.each([
    ['openai-chat', 'u'.repeat(120), /^[0-9a-f]{64}$/],
    ['openai-chat', 'me@example.org', /^me@example\.org$/],
    ['anthropic', 'me@example.org', /^[0-9a-f]{64}$/],
    ['anthropic', 'u'.repeat(120), /^u{120}$/],
  ] as const)('for %s of %s is like %s', (upstream, endUser, expected) => {
    expect(fit({ endUser }, upstream).request.endUser).toMatch(expected);
  });
});

describe('marks for the cache', () => {
  const cache = { ttl: '30m' } as const;
  const text = (value: string) => ({ type: 'text', text: value, cache }) as const;

  it('are the last four of the prompt, with a time that is sold', () => {
    const { request } = fit(
      {
        tools: [{ kind: 'function', name: 'f', cache }],
        system: [{ ...text('s'), origin: 'system' }],
        turns: [{ role: 'user', parts: [text('1'), text('2'), text('3'), text('4')] }],
      },
      'anthropic',
    );
    expect([request.tools[0]?.cache, request.system[0]?.cache]).toEqual([undefined, undefined]);
    expect(request.turns[0]?.parts.map((part) => part.cache)).toEqual(Array(4).fill({ ttl: '5m' }));
  });

  it('are gone where there are none, which a strict proxy tells of but does not refuse', () => {
    const context = contextOf('openai-chat', {}, 'strict');
    const request = requestOf({
      dialect: 'anthropic',
      autoCache: cache,
      turns: [{ role: 'user', parts: [text('1')] }],
    });
    const prepared = prepareRequest(request, context).request;
    expect(prepared.turns).toEqual([{ role: 'user', parts: [{ type: 'text', text: '1' }] }]);
    expect(prepared).not.toHaveProperty('autoCache');
    expect(context.warnings.header()).toBe('dropped:cache_control');
  });
});
