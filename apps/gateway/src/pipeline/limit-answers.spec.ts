import { describe, expect, it } from '@jest/globals';
import type { Limit } from '@penstock/contracts';
import { estimateCharges, type LeastUse, limitRefusal, type LimitStatus } from '@penstock/rate-limiting';
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

const NOW = Date.parse('2026-11-21T10:00:00.200Z');
interface DenialOptions {
  readonly amount?: number;
  readonly unavailable?: boolean;
  readonly subject?: string;
  readonly remaining?: number;
  readonly resetAfterMs?: number;
  readonly least?: LeastUse;
}
const denial = (limit: Partial<Limit>, retryAfterMs: number | null = 1500, options: DenialOptions = {}) => {
  const { amount = 1, unavailable = false, subject = 'key:k', remaining = 0, resetAfterMs, least } = options;
  const plain = status(limit, remaining, resetAfterMs);
  const exceeded = { ...plain, applicable: { ...plain.applicable, subject } };
  const charges = [{ applicable: exceeded.applicable, amount }];
  return limitRefusal({ allowed: false, exceeded, retryAfterMs, unavailable, statuses: [] }, charges, NOW, least);
};

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
    expect(denial({ unit: 'cost', window: 'day' }, null, { unavailable: true })).toMatchObject({
      code: 'limiter_unavailable',
      status: 503,
    });
  });
});

describe('the message of a refusal', () => {
  it('names the quota, whose it is, and when it is free again', () => {
    expect(denial({ window: 'minute' }).message).toBe(
      "The limit of 60 requests per minute of quota 'small' (key) is reached. It resets at 2026-11-21T10:00:02Z.",
    );
    // By a clock that is somewhat late: the month ends at midnight all the same.
    const untilMonthEnd = Date.parse('2026-12-01T00:00:00Z') - NOW + 20;
    expect(denial({ unit: 'cost', window: 'month' }, null, { resetAfterMs: untilMonthEnd }).message).toBe(
      "The budget per month of quota 'small' (key) is used up. It resets at 2026-12-01T00:00:00Z.",
    );
    expect(denial({ unit: 'concurrency' }).message).toBe(
      "The limit of 60 requests at once of quota 'small' (key) is reached.",
    );
  });

  it.each([
    ['organization:o', 'organization'],
    ['team:t', 'team'],
    ['team:t/key:k', 'key'],
    ['key:k', 'key'],
    ['proxy:p', 'proxy'],
    ['provider:p', 'provider'],
    ['provider:p/model:a/model:key:x', 'model'],
  ])('of %s speaks of a %s', (subject, kind) =>
    expect(denial({ window: 'day' }, 1, { subject }).message).toContain(`of quota 'small' (${kind})`),
  );

  const least = (inputTokens: number, hardTokens: number): LeastUse => ({
    probable: { usage: { inputTokens, outputTokens: 0 }, costMicroUsd: inputTokens },
    most: { usage: { inputTokens: hardTokens, outputTokens: 0 }, costMicroUsd: hardTokens },
  });

  it('says what is left, and what the request may need', () => {
    const options = { amount: 181, remaining: 175 };
    expect(denial({ unit: 'cost', window: 'month' }, 1500, options).message).toBe(
      "The budget per month of quota 'small' (key) has 175 micro-USD left, and this request may use up to 181. It resets at 2026-11-21T10:00:00Z.",
    );
    expect(denial({ unit: 'tokens', window: 'minute' }, 1500, options).message).toBe(
      "The limit of 60 tokens per minute of quota 'small' (key) has 175 tokens left, and this request may use up to 181. It resets at 2026-11-21T10:00:02Z.",
    );
  });

  it.each([
    ['a soft rate with room for the input', { unit: 'tokens', window: 'minute' }, least(30, 300), true],
    ['a soft rate without', { unit: 'tokens', window: 'minute' }, least(300, 0), false],
    ['a budget with room for the least', { unit: 'cost', window: 'day' }, least(0, 175), true],
    ['a budget without', { unit: 'cost', window: 'day' }, least(0, 176), false],
    ['a limit of the input', { unit: 'input-tokens', window: 'minute' }, least(30, 30), false],
  ] as const)('says that a shorter answer may fit only when it does: %s', (_name, limit, shortest, fits) => {
    const { message } = denial(limit, 1500, { amount: 181, remaining: 175, least: shortest });
    expect(message.includes('A lower max_tokens may fit.')).toBe(fits);
  });

  it('says what can never fit, and that trying again is of no use', () => {
    const error = denial({ unit: 'tokens', window: 'minute', max: 600, burst: 100 }, null, { amount: 400 });
    expect(error).toMatchObject({ code: 'insufficient_quota', retryable: false });
    expect(error.message).toBe("This request may use up to 400 tokens; the limit of quota 'small' (key) is 100.");
  });
});

describe('rateLimitHeaders', () => {
  it('compares limits by what is left of each, in proportion', () => {
    const headers = rateLimitHeaders([
      status({ max: 1000 }, 50),
      status({ max: 10 }, 9),
      status({ max: 60, burst: 5 }, 4),
    ]);
    expect(headers?.slice(0, 4)).toEqual([
      'x-ratelimit-limit-requests',
      '1000',
      'x-ratelimit-remaining-requests',
      '50',
    ]);
  });

  it('takes the tighter one of input and output where nothing counts all tokens', () => {
    const input = status({ unit: 'input-tokens', max: 1000 }, 900);
    const output = status({ unit: 'output-tokens', max: 100 }, 20);
    expect(rateLimitHeaders([input, output])?.slice(0, 2)).toEqual(['x-ratelimit-limit-tokens', '100']);
    expect(rateLimitHeaders([input, output, status({ unit: 'tokens', max: 7 }, 7)])?.[1]).toBe('7');
  });

  it('shows the tightest limit of a unit and no shadow', () => {
    const headers = rateLimitHeaders([
      status({ max: 60 }, 30),
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
  const compiled = (unit: Limit['unit'], largestCharge: number, hard = false) => ({
    applicable: status({ unit }).applicable,
    unit,
    largestCharge,
    hard,
    enforced: true,
    kind: 'key' as const,
    name: 'k',
    providerId: null,
  });
  const probable = { usage: { inputTokens: 10, outputTokens: 20 }, costMicroUsd: 7 };
  const most = { usage: { inputTokens: 100, outputTokens: 200 }, costMicroUsd: 70 };
  const units = ['requests', 'tokens', 'input-tokens', 'output-tokens', 'cost', 'concurrency'] as const;
  const amounts = (limits: readonly ReturnType<typeof compiled>[]) =>
    estimateCharges(limits, probable, most).map(({ amount }) => amount);

  it('takes of soft limits what is probable, and never more than can be given at once', () => {
    expect(amounts([...units.map((unit) => compiled(unit, 1000)), compiled('tokens', 5)])).toEqual([
      1, 30, 10, 20, 7, 1, 5,
    ]);
  });

  it('takes of hard limits the most, however little the limit can give', () => {
    expect(amounts(units.map((unit) => compiled(unit, 5, true)))).toEqual([1, 300, 100, 200, 70, 1]);
  });

  it('keeps amounts exact in Redis', () => {
    const absurd = { usage: most.usage, costMicroUsd: 1e18 };
    expect(estimateCharges([compiled('cost', 5, true)], probable, absurd)[0]?.amount).toBe(9_000_000_000_001);
  });
});
