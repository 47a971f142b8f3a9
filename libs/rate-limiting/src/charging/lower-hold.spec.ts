import { describe, expect, it } from '@jest/globals';
import type { Limit } from '@penstock/contracts';
import fc from 'fast-check';
import type { LimitStatus } from '../rate-limiter.ts';
import { capCharges, lowerHold } from './lower-hold.ts';
import { UpperBound } from './upper-bound.ts';

const status = (limit: Partial<Limit>, remaining: number): LimitStatus => ({
  applicable: {
    organizationId: 'o',
    subject: 'key:k',
    id: 'i',
    quota: 'q',
    limit: { unit: 'tokens', window: 'day', max: 20_000, mode: 'enforce', ...limit },
  },
  remaining,
  resetAfterMs: 1,
  exceeded: true,
});
const denialOf = (exceeded: LimitStatus, others: readonly LimitStatus[] = [], unavailable = false) =>
  ({ allowed: false, exceeded, retryAfterMs: 1, unavailable, statuses: [exceeded, ...others] }) as const;
const least = { usage: { inputTokens: 23, outputTokens: 0 }, costMicroUsd: 46 };
const candidates = [{ outputBound: 1000, price: undefined }];
const most = new UpperBound({ bytes: 100, referenced: 0, hasTools: false, answers: 1, candidates, leastOutput: 16 });
const hard = { estimate: 'hard' as const };

describe('lowerHold', () => {
  it('takes of a soft ledger what it has left', () => {
    const denier = status({}, 19_977);
    const found = lowerHold(denialOf(denier), null, least);
    expect(found).toEqual({ outputBound: undefined, caps: new Map([[denier.applicable, 19_977]]) });
    const charges = [{ applicable: denier.applicable, amount: 20_000 }];
    expect(capCharges(charges, found?.caps ?? new Map())).toEqual([{ applicable: denier.applicable, amount: 19_977 }]);
  });

  it('shortens the answer for a hard limit and lowers a soft ledger at once', () => {
    const soft = status({}, 500);
    const found = lowerHold(denialOf(status(hard, 564), [soft]), most, least);
    expect(found).toEqual({ outputBound: 400, caps: new Map([[soft.applicable, 500]]) });
  });

  it.each([
    ['nothing is left', status({}, 0), [], most],
    ['not even the input fits', status({}, 22), [], most],
    ['not even what the input costs is left', status({ unit: 'cost', estimate: 'soft' }, 45), [], most],
    ['requests of a day are used up', status({ unit: 'requests' }, 0), [], most],
    ['a rate denies', status({ window: 'minute' }, 100), [], most],
    ['a rate denies as well', status({}, 100), [status({ window: 'minute' }, 100)], most],
    ['a hard limit makes no answer', status(hard, 170), [], most],
    ['nothing bounds the output', status(hard, 564), [], null],
  ])('gives up when %s', (_why, exceeded, others, bound) => {
    expect(lowerHold(denialOf(exceeded, others), bound, least)).toBeNull();
  });

  it('gives up when a limit cannot be checked', () =>
    expect(lowerHold(denialOf(status({}, 100), [], true), most, least)).toBeNull());

  it('never holds more of a ledger than it has left, nor less than the input', () => {
    fc.assert(
      fc.property(fc.nat(40_000), fc.nat(40_000), (remaining, amount) => {
        const { applicable, ...rest } = status({}, remaining);
        const found = lowerHold(denialOf({ applicable, ...rest }), most, least);
        expect(found === null).toBe(remaining < 23);
        const charge = capCharges([{ applicable, amount }], found?.caps ?? new Map())[0]?.amount ?? 0;
        if (found) expect(charge).toBe(Math.min(amount, remaining));
      }),
    );
  });
});
