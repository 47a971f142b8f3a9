import { describe, expect, it } from '@jest/globals';
import { policyFaults } from './policy-faults.ts';
import { compileNumber, compileText } from './value-expression.ts';

const input = {
  request: { Method: 'POST', Path: '/v1/x', Headers: { 'x-n': ['12'], 'x-user': ['ann'] }, Metadata: { tier: 'gold' } },
  api: { Name: 'shop', Context: '/shop' },
};

describe('an expression of a policy', () => {
  it.each([
    ["request.Headers['x-user'][0] + ':' + api.Name", 'ann:shop'],
    ['request.Metadata.tier', 'gold'],
    ["request.Headers['x-none'][0]", null],
    ["request.Headers['x-user']", null],
  ])('C advanced-ratelimit: %s is the text %j', (expression, expected) => {
    expect(compileText(expression)(input)).toBe(expected);
  });

  it.each([
    ["int(request.Headers['x-n'][0]) * 2", 24],
    ['1.5', 1.5],
    ["int(request.Headers['x-user'][0])", null],
    ['1.0 / 0.0', null],
    ['request.Metadata.tier', null],
  ])('C advanced-ratelimit: %s is the number %j', (expression, expected) => {
    expect(compileNumber(expression)(input)).toBe(expected);
  });

  it('C advanced-ratelimit: is checked when it is saved', () => {
    const limits = [{ limit: 1, duration: '1m' }];
    const cel = (expression: string) => ({ limits, keyExtraction: [{ type: 'cel', expression }] });
    const params = { quotas: [cel("'a'"), cel('1 +'), cel('1 + 1'), { ...cel('nobody.Name') }] };
    const faults = policyFaults({
      policies: [],
      globalPolicies: [{ name: 'advanced-ratelimit', version: 'v1', params }],
      operationPolicies: [],
    });
    expect(faults.map(({ path }) => path[4])).toEqual([1, 2, 3]);
    expect(faults[1]?.message).toBe('must be a string, and is of type int');
  });
});
