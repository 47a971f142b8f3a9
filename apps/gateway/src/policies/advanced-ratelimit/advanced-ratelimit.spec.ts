import { describe, expect, it } from '@jest/globals';
import { AdvancedRateLimit } from '@penstock/contracts';
import fc from 'fast-check';
import type { BodyCall } from '../policy.ts';
import { CostRule } from './cost-rule.ts';
import { KeyedLimits } from './keyed-limits.ts';
import { KeyRule } from './key-rule.ts';
import { readNumber } from './read-number.ts';

interface Asked {
  readonly headers?: Record<string, string | string[]>;
  readonly metadata?: Record<string, string>;
  readonly json?: object;
  readonly address?: string;
  readonly answered?: Record<string, string>;
  readonly template?: string;
}

function callOf({ headers = {}, metadata = {}, json = {}, address, answered, template = '/v1/x' }: Asked = {}) {
  const context = {
    request: { method: 'POST', headers, socket: { remoteAddress: address } },
    route: { method: 'POST', template },
    proxy: { name: 'shop', context: '/shop' },
    upstreamAnswerHeaders: answered ?? null,
  };
  return { context, metadata: new Map(Object.entries(metadata)), json } as unknown as BodyCall;
}

const owner = { organizationId: 'o', proxyId: 'p', proxyName: 'shop', place: '' };
const spent = (inputTokens = 0, outputTokens = 0, costMicroUsd: number | null = 0) => ({
  usage: { inputTokens, outputTokens },
  costMicroUsd,
});

function costRule(sources: readonly object[], otherwise = 1): CostRule {
  const limits = [{ limit: 1, duration: '1m' }];
  const costExtraction = { enabled: true, default: otherwise, ...(sources.length > 0 && { sources }) };
  const [quota] = AdvancedRateLimit.params.parse({ quotas: [{ limits, costExtraction }] }).quotas;
  if (!quota?.costExtraction) throw new TypeError('the quota has a cost');
  return new CostRule(quota.costExtraction);
}

describe('C advanced-ratelimit: a key', () => {
  const header = new KeyRule([
    { type: 'header', key: 'X-A' },
    { type: 'header', key: 'x-b' },
  ]);
  const nameOf = (a?: string, b?: string) =>
    header.nameOf(callOf({ headers: { ...(a !== undefined && { 'x-a': a }), ...(b !== undefined && { 'x-b': b }) } }));

  it('C advanced-ratelimit: has a short name, the same for the same parts and for no others', () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { minLength: 4, maxLength: 4 }), ([a = '', b = '', c = '', d = '']) => {
        const same = a === c && b === d;
        expect(nameOf(a, b) === nameOf(c, d)).toBe(same);
        expect(nameOf(a, b)).toMatch(/^[\w-]{24}$/);
      }),
    );
    expect(nameOf('a:b', 'c')).not.toBe(nameOf('a', 'b:c'));
  });

  it('C advanced-ratelimit: shares one counter among requests without a part, as if it were empty', () => {
    expect(nameOf(undefined, 'x')).toBe(nameOf('', 'x'));
    expect(nameOf(undefined, 'x')).not.toBe(nameOf('x'));
    expect(nameOf('null', 'x')).not.toBe(nameOf(undefined, 'x'));
  });

  it.each([
    [{ type: 'ip' as const }, { address: '10.0.0.1' }, { address: '::ffff:10.0.0.1' }, { address: '10.0.0.2' }],
    [{ type: 'metadata' as const, key: 'm' }, { metadata: { m: '1' } }, { metadata: { m: '1', n: '2' } }, {}],
    [{ type: 'routename' as const }, {}, { address: 'x' }, { template: '/v1/y' }],
    [
      { type: 'cel' as const, expression: "request.Headers['x-a'][0]" },
      { headers: { 'x-a': '1' } },
      { headers: { 'x-a': ['1', '2'] } },
      { headers: {} },
    ],
  ])('C advanced-ratelimit: of %j', (part, one, same, other) => {
    const rule = new KeyRule([part]);
    expect(rule.nameOf(callOf(one))).toBe(rule.nameOf(callOf(same)));
    expect(rule.nameOf(callOf(one))).not.toBe(rule.nameOf(callOf(other)));
  });

  it('C advanced-ratelimit: is forgotten when too many others came', () => {
    const key = new KeyRule([{ type: 'header', key: 'x-a' }]);
    const times = [{ duration: '1m', time: { window: 'minute', max: 1 } }] as const;
    const limits = new KeyedLimits({ name: 'q', times, key, isOfWholeApi: false, cost: null, refusal: null }, owner);
    const of = (value: number) => limits.of(callOf({ headers: { 'x-a': String(value) } }));
    const first = of(0);
    expect(of(0)).toBe(first);
    for (let value = 1; value <= 3_000; value += 1) of(value);
    expect(limits.remembered).toBe(1_000);
    // A limit that is forgotten is made anew, for the same counter.
    expect(of(0)).not.toBe(first);
    expect(of(0)[0]?.applicable.subject).toBe(first[0]?.applicable.subject);
  });
});

describe('C advanced-ratelimit: a cost', () => {
  it('C advanced-ratelimit: is the default where nothing says one', () => {
    const measure = costRule([], 7).measure(callOf());
    expect([measure.isExact, measure.held(spent(), 100), measure.used([spent()])]).toEqual([true, 7, 7]);
    const header = costRule([{ type: 'request_header', key: 'x-cost' }], 5);
    expect(header.measure(callOf()).held(spent(), 100)).toBe(5);
    expect(header.measure(callOf({ headers: { 'x-cost': '0' } })).held(spent(), 100)).toBe(0);
  });

  it('C advanced-ratelimit: adds up what is found, a part of one counting as one', () => {
    const rule = costRule([
      { type: 'request_header', key: 'x-cost', multiplier: 0.1 },
      { type: 'request_body', jsonPath: '$.n', multiplier: 2 },
      { type: 'request_metadata', key: 'none' },
      { type: 'request_cel', expression: 'size(request.Path)' },
    ]);
    // 0.3 + 4 + 5
    const call = callOf({ headers: { 'x-cost': '3' }, json: { n: 2 } });
    expect(rule.measure(call).held(spent(), 100)).toBe(10);
    expect(
      costRule([{ type: 'request_header', key: 'c', multiplier: 0.1 }])
        .measure(callOf({ headers: { c: '30' } }))
        .used([]),
    ).toBe(3);
  });

  it('C advanced-ratelimit: of tokens is held as far as it is probable, and settled by all attempts', () => {
    const rule = costRule([
      { type: 'response_body', jsonPath: '$.usage.prompt_tokens', multiplier: 0.1 },
      { type: 'response_body', jsonPath: '$.usage.output_tokens', multiplier: 3 },
      { type: 'response_metadata', key: 'x-llm-cost', multiplier: 1_000 },
    ]);
    expect(rule.readsAnswers).toBe(false);
    const measure = rule.measure(callOf());
    expect(measure.isExact).toBe(false);
    expect([measure.held(spent(10, 4), 100), measure.held(spent(10, 400), 100), measure.held(spent(), 100)]).toEqual([
      13, 100, 1,
    ]);
    expect(measure.used([spent(10, 0), spent(20, 5, 2_000)])).toBe(20);
    expect(measure.used([spent()])).toBe(0);
  });

  it('C advanced-ratelimit: of an answer is read when it is there', () => {
    const rule = costRule(
      [
        { type: 'response_body', jsonPath: '$.billing.units' },
        { type: 'response_header', key: 'X-Units', multiplier: 2 },
      ],
      9,
    );
    expect(rule.readsAnswers).toBe(true);
    const call = callOf({ answered: { 'x-units': '4' } });
    const measure = rule.measure(call);
    expect(measure.held(spent(), 100)).toBe(1);
    rule.read(call, { billing: { units: 3 } });
    expect(measure.used([spent()])).toBe(11);
    expect(rule.measure(callOf()).used([spent()])).toBe(9);
  });

  it('C advanced-ratelimit: is never negative, and never more than Redis can count', () => {
    fc.assert(
      fc.property(fc.oneof(fc.double(), fc.string(), fc.bigInt().map(String)), (value) => {
        const rule = costRule([{ type: 'request_header', key: 'c', multiplier: 1_000 }]);
        const amount = rule.measure(callOf({ headers: { c: String(value) } })).held(spent(), 100);
        expect(Number.isSafeInteger(amount) && amount >= 0).toBe(true);
      }),
    );
  });

  it.each([
    ['12', 12],
    [' 1.5 ', 1.5],
    [['3', '4'], 3],
    [JSON.parse('{"rawJSON":"1.0"}'), 1],
    ['', null],
    ['0x10', null],
    ['Infinity', null],
    ['1e999', null],
    ['1'.repeat(41), null],
    [true, null],
    [{}, null],
    [NaN, null],
  ])('C advanced-ratelimit: reads %j as %j', (value, expected) => {
    expect(readNumber(value)).toBe(expected);
  });
});
