import { describe, expect, it } from '@jest/globals';
import { compileCondition, type ConditionInput, explainCondition } from './execution-condition.ts';

const input = (metadata: Record<string, string> = {}): ConditionInput => ({
  request: { Method: 'POST', Path: '/v1/chat/completions', Headers: { 'x-tier': ['gold'] }, Metadata: metadata },
  api: { Name: 'shop', Context: '/shop' },
});

describe('an execution condition', () => {
  it("A5: reads metadata, headers and the proxy's name", () => {
    const selected = compileCondition(
      "'selected_provider' in request.Metadata && request.Metadata['selected_provider'] == 'anthropic'",
    );
    expect(selected(input({ selected_provider: 'anthropic' }))).toBe(true);
    expect(selected(input({ selected_provider: 'openai' }))).toBe(false);
    expect(selected(input())).toBe(false);
    expect(compileCondition("request.Headers['x-tier'][0] == 'gold' && api.Name == 'shop'")(input())).toBe(true);
    expect(compileCondition("!('selected_provider' in request.Metadata)")(input())).toBe(true);
  });

  it('A5: does not hold where it fails on a request', () => {
    expect(compileCondition("request.Headers['x-missing'][0] == 'gold'")(input())).toBe(false);
  });

  it('A5: can be explained: true, false, or why it fails', () => {
    expect(explainCondition("api.Name == 'shop'", input())).toEqual({ outcome: 'true' });
    expect(explainCondition("api.Name == 'other'", input())).toEqual({ outcome: 'false' });
    expect(explainCondition("request.Headers['x-missing'][0] == 'gold'", input())).toEqual({
      outcome: 'fails',
      reason: expect.stringContaining('x-missing'),
    });
  });

  it('A5: is refused when it cannot be read, or is neither true nor false', () => {
    expect(() => compileCondition('request..x')).toThrow(/Expected IDENTIFIER/);
    expect(() => compileCondition("'gold'")).toThrow(/must be true or false/);
    expect(() => compileCondition('nobody.x == 1')).toThrow();
  });
});
