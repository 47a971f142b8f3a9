import { describe, expect, it } from '@jest/globals';
import type { Limit } from '@penstock/contracts';
import type { LimitStatus } from '../rate-limiter.ts';
import { routeWhenExceeded } from './route-when-exceeded.ts';

const status = (id: string, limit: Partial<Limit>, exceeded = true): LimitStatus => ({
  applicable: {
    organizationId: 'o',
    subject: 'key:k',
    id,
    quota: 'q',
    limit: { unit: 'requests', window: 'day', max: 1, mode: 'enforce', ...limit },
  },
  remaining: 0,
  resetAfterMs: 1,
  exceeded,
});
const routeOf = (exceeded: LimitStatus, others: readonly LimitStatus[] = [], unavailable = false) =>
  routeWhenExceeded({ allowed: false, exceeded, retryAfterMs: 1, unavailable, statuses: [...others, exceeded] });
const to = (route: string) => ({ onExceeded: { route } });

describe('routeWhenExceeded', () => {
  it('takes the model of the limit that denies', () => {
    expect(routeOf(status('a', to('cheap')))).toBe('cheap');
    expect(routeOf(status('a', to('cheap')), [status('b', to('other'))])).toBe('cheap');
    expect(routeOf(status('a', to('cheap')), [status('b', {}, false)])).toBe('cheap');
  });

  it.each([
    ['it says nothing', status('a', {}), []],
    ['it says so', status('a', { onExceeded: 'deny' }), []],
    ['another one denies as well', status('a', to('cheap')), [status('b', {})]],
  ] as const)('refuses when %s', (_why, exceeded, others) => expect(routeOf(exceeded, others)).toBeNull());

  it('does not mind a limit in shadow mode', () =>
    expect(routeOf(status('a', to('cheap')), [status('b', { mode: 'shadow' })])).toBe('cheap'));

  it('does not route round a ledger that cannot be reached', () =>
    expect(routeOf(status('a', to('cheap')), [], true)).toBeNull());
});
