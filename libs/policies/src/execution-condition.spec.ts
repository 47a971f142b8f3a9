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

  it('A5: matches patterns in linear time, as CEL has them', () => {
    const headers = (value: string): ConditionInput => {
      const { request, api } = input();
      return { request: { ...request, Headers: { 'x-tier': [value] } }, api };
    };
    const holds = compileCondition(
      "(request.Headers['x-tier'][0]) . matches('^(a+)+$') || 'b+'.matches('^b[+]$') == false",
    );
    expect([holds(headers('aaa')), holds(headers('aab'))]).toEqual([true, false]);
    const startedAt = performance.now();
    expect(holds(headers(`${'a'.repeat(10_000)}!`))).toBe(false);
    expect(performance.now() - startedAt).toBeLessThan(1_000);
    expect(() => compileCondition("'a'.matches(request.Headers['x-tier'][0])")).toThrow(
      /a pattern that is written in it/,
    );
    expect(() => compileCondition("'a'.matches('(')")).toThrow(/missing/);
    expect(() => compileCondition("'a' // matches\n.matches('b')")).toThrow(/a comment hides it/);
  });

  it('A5: is refused when it could hold up the gateway', () => {
    const list = '[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]';
    const nested = (depth: number): string => (depth === 0 ? 'true' : `${list}.all(x${depth}, ${nested(depth - 1)})`);
    expect(compileCondition(`${nested(1)} && ${nested(1)}`)(input())).toBe(true);
    expect(() => compileCondition(nested(10))).toThrow(/within another one/);
    expect(() => compileCondition(`[${list}.map(x, x + x)].map(y, y + y).size() == 1`)).toThrow(/within another one/);
    expect(() => compileCondition(`${'1 + '.repeat(21)}1 == 22`)).toThrow(/more than 20 additions/);
  });
});
