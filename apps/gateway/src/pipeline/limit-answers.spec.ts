import { describe, expect, it } from '@jest/globals';
import type { Limit } from '@penstock/contracts';
import type { LimitStatus } from '@penstock/rate-limiting';
import { estimateCharges } from './estimate-charges.ts';
import { limitRefusal } from './limit-refusal.ts';
import { durationText, rateLimitHeaders } from './rate-limit-headers.ts';

const status = (limit: Partial<Limit>, remaining = 0, resetAfterMs = 1500) =>
  ({
    applicable: {
      organizationId: 'o',
      subject: 'key:k',
      id: 'i',
      quota: 'small',
      limit: { unit: 'requests', max: 60, mode: 'enforce', ...limit },
    },
    remaining,
    resetAfterMs,
  }) as LimitStatus;

const denial = (limit: Partial<Limit>, retryAfterMs: number | null = 1500, unavailable = false) =>
  limitRefusal({ allowed: false, exceeded: status(limit), retryAfterMs, unavailable, statuses: [] });

describe('limitRefusal', () => {
  it.each([
    [{ window: 'minute' }, 'rate_limit_exceeded', 1500],
    [{ unit: 'tokens', window: 'hour' }, 'rate_limit_exceeded', 1500],
    [{ unit: 'concurrency' }, 'rate_limit_exceeded', 1500],
    [{ window: 'day' }, 'insufficient_quota', 1500],
    [{ unit: 'cost', window: 'hour' }, 'insufficient_quota', 1500],
    [{ unit: 'tokens', window: 'month' }, 'insufficient_quota', 1500],
  ] as const)('of %j is %s', (limit, code, retryAfterMs) => {
    const error = denial(limit);
    expect([error.code, error.retryAfterMs]).toEqual([code, retryAfterMs]);
  });

  it('says so when a budget cannot be checked', () => {
    expect(denial({ unit: 'cost', window: 'day' }, null, true)).toMatchObject({
      code: 'limiter_unavailable',
      status: 503,
    });
  });
});

describe('rateLimitHeaders', () => {
  it('shows the tightest limit of a unit and no shadow', () => {
    const headers = rateLimitHeaders([
      status({ max: 60 }, 5),
      status({ max: 10 }, 2, 250),
      status({ max: 1, mode: 'shadow' }, 0),
      status({ unit: 'tokens', max: 1000 }, 900, 61_000),
      status({ unit: 'cost', max: 1 }, 0),
    ]);
    expect(headers).toEqual([
      'x-ratelimit-limit-requests',
      '10',
      'x-ratelimit-remaining-requests',
      '2',
      'x-ratelimit-reset-requests',
      '250ms',
      'x-ratelimit-limit-tokens',
      '1000',
      'x-ratelimit-remaining-tokens',
      '900',
      'x-ratelimit-reset-tokens',
      '1m1s',
    ]);
    expect(rateLimitHeaders([])).toBeNull();
  });

  it.each([
    [0, '0ms'],
    [12.3, '13ms'],
    [1500, '1.5s'],
    [360_000, '6m0s'],
    [7_500_000, '2h5m0s'],
  ])('writes %d ms as %s', (milliseconds, text) => expect(durationText(milliseconds)).toBe(text));
});

describe('estimateCharges', () => {
  it('takes of each unit what it counts, and never more than can be given at once', () => {
    const compiled = (unit: Limit['unit'], largestCharge: number) => ({
      applicable: status({ unit }).applicable,
      unit,
      largestCharge,
      providerId: null,
    });
    const expected = { usage: { inputTokens: 10, outputTokens: 20 }, costMicroUsd: 7 };
    const units = ['requests', 'tokens', 'input-tokens', 'output-tokens', 'cost', 'concurrency'] as const;
    const charges = estimateCharges([...units.map((unit) => compiled(unit, 1000)), compiled('tokens', 5)], expected);
    expect(charges.map(({ amount }) => amount)).toEqual([1, 30, 10, 20, 7, 1, 5]);
  });
});
