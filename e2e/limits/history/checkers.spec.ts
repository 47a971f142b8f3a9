import { describe, expect, it } from '@jest/globals';
import { checkLedgerEnd } from './check-ledger-end.ts';
import { checkLedgerSamples } from './check-ledger-samples.ts';
import { checkProbes } from './check-probes.ts';
import { checkRequestRate, checkTokenRate } from './check-rate.ts';
import { checkSums, sumOfEvents } from './check-sums.ts';
import { checkUsage, type UsageHistory } from './check-usage.ts';
import type { CallRecord, LedgerSample, StoredEvent, UpstreamCall, Violation } from './history.ts';

const price = { input: 10, output: 30 };
const tokens = { input: 20, output: 4 };
const rulesOf = (violations: readonly Violation[]) => violations.map(({ rule }) => rule);

const call = (requestId: string, changes: Partial<CallRecord> = {}): CallRecord => ({
  requestId,
  invokedAt: 0,
  endedAt: 50,
  outcome: 'answered',
  reported: tokens,
  bound: { input: 100, output: 4 },
  ...changes,
});
const arrival = (requestId: string, changes: Partial<UpstreamCall> = {}): UpstreamCall => ({
  requestId,
  arrivedAt: 5,
  tokens,
  ...changes,
});
const event = (requestId: string, changes: Partial<StoredEvent> = {}): StoredEvent => ({
  id: `event-${requestId}`,
  requestId,
  source: 'reported',
  tokens,
  costMicroUsd: 320,
  ...changes,
});
const sample = (changes: Partial<LedgerSample>): LedgerSample => ({
  ledger: 'budget',
  at: 1,
  spent: 0,
  reserved: 0,
  pledged: 0,
  max: 100,
  ...changes,
});

describe('samples of a ledger', () => {
  it('are good up to the last unit', () => {
    expect(checkLedgerSamples([sample({}), sample({ spent: 50, reserved: 30, pledged: 20 })])).toEqual([]);
  });

  it.each([{ spent: 101 }, { spent: 50, reserved: 51 }, { spent: 50, reserved: 30, pledged: 21 }])(
    'show an overspend: %j',
    (changes) => expect(rulesOf(checkLedgerSamples([sample({}), sample(changes)]))).toEqual(['overspend']),
  );
});

describe('the end of a ledger', () => {
  const good = { sample: sample({ spent: 70, pledged: 30 }), truth: 70, settled: 70, unsettledHolds: 0 };

  it('is good when all is settled, and when the dead have left what they held', () => {
    expect(checkLedgerEnd(good)).toEqual([]);
    expect(checkLedgerEnd({ ...good, sample: sample({ spent: 90 }), unsettledHolds: 20 })).toEqual([]);
  });

  it.each([
    ['something is still held', { sample: sample({ spent: 70, reserved: 1 }) }, 'held-for-ever'],
    ['more is spent than there is', { sample: sample({ spent: 101 }), settled: 101, truth: 90 }, 'overspend'],
    ['more was used than the ledger knows', { truth: 71 }, 'ledger-below-truth'],
    ['more is spent than anybody settled or held', { sample: sample({ spent: 71 }) }, 'ledger-above-holds'],
  ])('is bad when %s', (_what, changes, rule) => {
    expect(rulesOf(checkLedgerEnd({ ...good, ...changes }))).toEqual([rule]);
  });

  it('is bad when more was used upstream than there is, whatever the ledger says', () => {
    expect(rulesOf(checkLedgerEnd({ ...good, truth: 101 }))).toEqual(['overspend', 'ledger-below-truth']);
  });
});

describe('usage', () => {
  const good: UsageHistory = { calls: [call('a')], upstream: [arrival('a')], events: [event('a')], price };

  it('is good when each call has its event', () => {
    expect(checkUsage(good)).toEqual([]);
  });

  it('is good when a request needed two attempts, of which one used nothing', () => {
    const failed = arrival('a', { tokens: { input: 0, output: 0 } });
    expect(checkUsage({ ...good, upstream: [failed, arrival('a')] })).toEqual([]);
  });

  it('need not be exact where it says that it is presumed', () => {
    const calls = [call('a', { outcome: 'cut', endedAt: null, reported: null })];
    const events = [event('a', { source: 'presumed', tokens: { input: 30, output: 4 }, costMicroUsd: 420 })];
    expect(checkUsage({ ...good, calls, events })).toEqual([]);
    expect(checkUsage({ ...good, calls, events, upstream: [] })).toEqual([]);
  });

  const bad: [string, Partial<UsageHistory>, Violation['rule'][]][] = [
    ['an event is lost', { calls: [], events: [] }, ['lost-event']],
    ['an answer has no event', { upstream: [], events: [] }, ['answer-without-event']],
    ['a request is counted twice', { events: [event('a'), event('a', { id: 'other' })] }, ['double-count']],
    ['an event is stored twice', { events: [event('a'), event('a')] }, ['double-count', 'double-count']],
    ['tokens are wrong', { upstream: [arrival('a', { tokens: { input: 20, output: 5 } })] }, ['wrong-tokens']],
    ['the caller was told otherwise', { calls: [call('a', { reported: { input: 1, output: 4 } })] }, ['wrong-tokens']],
    ['the cost is wrong', { events: [event('a', { costMicroUsd: 321 })] }, ['wrong-cost']],
    ['the cost is missing', { events: [event('a', { costMicroUsd: null })] }, ['wrong-cost']],
    ['an event has no call', { events: [event('a'), event('b')] }, ['event-without-call']],
  ];
  it.each(bad)('is bad when %s', (_what, changes, rules) => {
    expect(rulesOf(checkUsage({ ...good, ...changes }))).toEqual(rules);
  });
});

describe('sums', () => {
  it('are those of the events', () => {
    const sums = sumOfEvents([event('a'), event('b', { costMicroUsd: null })]);
    expect(sums).toEqual({ requests: 2, inputTokens: 40, outputTokens: 8, costMicroUsd: 320 });
    expect(checkSums('rollups', sums, sums)).toEqual([]);
    expect(rulesOf(checkSums('rollups', { ...sums, requests: 3 }, sums))).toEqual(['wrong-sums']);
  });
});

describe('a rate of requests', () => {
  const bound = { name: 'requests', perMs: 0.1, burst: 3, decidedLocally: 0 };
  const at = (id: string, invokedAt: number, arrivedAt = invokedAt) =>
    [call(id, { invokedAt }), arrival(id, { arrivedAt })] as const;
  const check = (history: readonly (readonly [CallRecord, UpstreamCall])[], decidedLocally = 0): Violation[] =>
    checkRequestRate(
      history.map(([one]) => one),
      history.map(([, one]) => one),
      { ...bound, decidedLocally },
    );

  it('admits its burst at once and its rate afterwards', () => {
    expect(check([at('a', 0), at('b', 0), at('c', 0), at('d', 10), at('e', 20)])).toEqual([]);
  });

  it('does not admit one more, at once or later', () => {
    expect(rulesOf(check([at('a', 0), at('b', 0), at('c', 0), at('d', 0)]))).toEqual(['rate-exceeded']);
    expect(rulesOf(check([at('a', 0), at('b', 0), at('c', 0), at('d', 10), at('e', 19)]))).toEqual(['rate-exceeded']);
  });

  it('does not accuse where the moment is not known', () => {
    expect(check([at('a', 0), at('b', 0), at('c', 0), at('d', 0, 10)])).toEqual([]);
  });

  it('counts a request once, however often it was tried', () => {
    const [asked, arrived] = at('a', 0);
    expect(checkRequestRate([asked], [arrived, arrived, arrived, arrived], bound)).toEqual([]);
  });

  it('allows for what was decided without Redis', () => {
    expect(check([at('a', 0), at('b', 0), at('c', 0), at('d', 0)], 1)).toEqual([]);
  });
});

describe('a rate of tokens', () => {
  const bound = { name: 'tokens', perMs: 0.1, burst: 60, decidedLocally: 0, settlementMs: 10 };
  const exact = { bound: tokens, invokedAt: 0, endedAt: 1 };
  const later = (id: string, time: number, changes: Partial<CallRecord> = {}) =>
    [call(id, { ...exact, invokedAt: time, endedAt: time + 1, ...changes }), arrival(id, { arrivedAt: time })] as const;
  const check = (history: readonly (readonly [CallRecord, UpstreamCall])[]): Violation[] =>
    checkTokenRate(
      history.map(([one]) => one),
      history.map(([, one]) => one),
      bound,
    );

  it('admits its burst and its rate, and what runs at the end besides', () => {
    // 24 tokens each: two at once and a third later fit into 60; the last one may have been estimated as nothing.
    expect(check([later('a', 0), later('b', 0), later('c', 200), later('d', 200)])).toEqual([]);
  });

  it('does not admit more', () => {
    const many = Array.from({ length: 6 }, (_, index) => later(`${index}`, index * 20));
    expect(rulesOf(check(many))).toEqual(['rate-exceeded']);
  });

  it('allows for what was given back by those before', () => {
    const five = Array.from({ length: 5 }, (_, index) => later(`${index}`, 20 + index * 20));
    expect(rulesOf(check(five))).toEqual(['rate-exceeded']);
    const generous = later('before', 0, { bound: { input: 400, output: 4 }, endedAt: 30, outcome: 'left' });
    expect(check([generous, ...five])).toEqual([]);
  });
});

describe('probes', () => {
  it('are admitted when they fit, and only then', () => {
    const probe = { what: 'the last request', fits: true, admitted: true };
    expect(checkProbes([probe, { ...probe, fits: false, admitted: false }])).toEqual([]);
    expect(rulesOf(checkProbes([{ ...probe, admitted: false }]))).toEqual(['phantom-block']);
    expect(rulesOf(checkProbes([{ ...probe, fits: false }]))).toEqual(['overspend']);
  });
});
