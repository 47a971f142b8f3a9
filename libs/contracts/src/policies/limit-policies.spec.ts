import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Limit } from '../resources/quota.ts';
import { BasicRateLimit, LlmCostBasedRateLimit } from './limit-policies.ts';
import { budgetTime, goDurationMs, limitTime } from './limit-time.ts';

describe('C basic-ratelimit: the time of a limit', () => {
  it.each([
    [5, '1s', { window: 'second', max: 5 }],
    [5, '1m', { window: 'minute', max: 5 }],
    [5, '60m', { window: 'hour', max: 5 }],
    [5, '24h', { window: 'day', alignment: 'rolling', max: 5 }],
    [5, '168h', { window: 'week', alignment: 'rolling', max: 5 }],
    [5, '720h', { window: 'month', alignment: 'rolling', max: 5 }],
    [10, '10s', { window: 'hour', max: 3600, burst: 10 }],
    [100, '2h', { window: 'hour', max: 50, burst: 100 }],
    [1200, '12h', { window: 'hour', max: 100, burst: 1200 }],
    [1, '7s', null],
    [72, '36h', null],
    [1, '2h', null],
  ])('of %d in %s is %j', (count, duration, expected) => {
    expect(limitTime(count, duration)).toEqual(expected);
  });

  it('is always one that a limit may have, at the same pace', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e6 }), fc.integer({ min: 1, max: 4000 }), (count, seconds) => {
        const time = limitTime(count, `${seconds}s`);
        if (!time) return;
        expect(Limit.safeParse({ unit: 'requests', ...time }).success).toBe(true);
        if (time.burst) expect(time.max * seconds).toBe(count * 3600);
      }),
    );
  });

  it('is told to be wrong when it is saved', () => {
    const result = BasicRateLimit.params.safeParse({ limits: [{ requests: 1, duration: '7s' }] });
    expect(result.error?.issues[0]).toMatchObject({
      path: ['limits', 0, 'duration'],
      message: expect.stringContaining('1s, 1m, 1h, 24h, 168h and 720h'),
    });
  });
});

describe('C llm-cost-based-ratelimit: the time of a budget', () => {
  it('is an hour, a day, a week or a month', () => {
    expect(budgetTime(7, '1h')).toEqual({ window: 'hour', alignment: 'rolling', max: 7 });
    expect(budgetTime(7, '720h')).toEqual({ window: 'month', alignment: 'rolling', max: 7 });
    expect([budgetTime(7, '1m'), budgetTime(7, '2h')]).toEqual([null, null]);
    const spec = { budgetLimits: [{ amount: 1, duration: '1m' }] };
    expect(LlmCostBasedRateLimit.params.safeParse(spec).error?.issues[0]?.path).toEqual([
      'budgetLimits',
      0,
      'duration',
    ]);
  });
});

describe('a duration of Go', () => {
  it('adds its parts up', () => {
    expect([goDurationMs('1h30m'), goDurationMs('1.5s'), goDurationMs('250ms')]).toEqual([5_400_000, 1500, 250]);
    expect(['1000000us', '1s1000µs', '+1m', '2000000ns'].map(goDurationMs)).toEqual([1000, 1001, 60_000, 2]);
  });
});
