import { describe, expect, it } from '@jest/globals';
import { gateExtra } from './gate-extra.ts';
import { contextOf, requestOf } from './testing/prepare-fixture.test.ts';

describe('the gate of unknown fields', () => {
  it('drops what the upstream does not have and reports it, but for fields without a meaning there', () => {
    const context = contextOf('anthropic');
    const extra = { stream_options: { include_usage: true }, repetition_penalty: 1.1, echo: false, x: null };
    expect(gateExtra(requestOf({ extra }), context).extra).toEqual({});
    expect(context.warnings.header()).toBe('dropped:repetition_penalty');
  });

  it.each([
    ['openai-chat', 'openai-responses', 'safety_identifier'],
    ['openai-responses', 'openai-chat', 'prompt_cache_retention'],
    ['openai-chat', 'gemini', 'safetySettings'],
  ] as const)('carries over from %s to %s what both have', (dialect, upstream, name) => {
    const extra = { [name]: 'kept', other: 1 };
    expect(gateExtra(requestOf({ dialect, extra }), contextOf(upstream)).extra).toEqual({ [name]: 'kept' });
  });

  it('refuses on a strict proxy', () => {
    const request = requestOf({ extra: { guided_regex: 'a+' } });
    expect(() => gateExtra(request, contextOf('gemini', {}, 'strict'))).toThrow(
      expect.objectContaining({ code: 'unsupported_parameter', param: 'guided_regex' }),
    );
  });
});
