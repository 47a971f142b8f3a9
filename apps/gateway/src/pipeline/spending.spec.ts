import { describe, expect, it } from '@jest/globals';
import type { LimitUnit } from '@penstock/contracts';
import type { ApplicableLimit, Reservation } from '@penstock/rate-limiting';
import fc from 'fast-check';
import type { CompiledProvider } from '../config/compiled-config.ts';
import { actualAmount, type Spending, sumOf } from './spending.ts';

const spending = (
  providerId: string,
  inputTokens: number,
  outputTokens: number,
  costMicroUsd: number | null,
): Spending => ({
  usage: { inputTokens, outputTokens, cachedInputTokens: 0, reasoningTokens: 0 },
  source: 'reported',
  costMicroUsd,
  provider: { id: providerId } as CompiledProvider,
  modelId: 'm',
});
const limitOf = (unit: LimitUnit, subject = 'key:k') =>
  ({ organizationId: 'o', subject, id: unit, quota: 'q', limit: { unit, max: 1, mode: 'enforce' } }) as ApplicableLimit;
const held = (...limits: readonly ApplicableLimit[]): Reservation => ({
  id: 'r',
  charges: limits.map((applicable) => ({ applicable, amount: 1 })),
  local: false,
});

describe('the sum of the attempts', () => {
  it('is the only one, as it is', () => {
    const only = spending('a', 1, 2, null);
    expect(sumOf([], only)).toBe(only);
  });

  it('is an estimate of all that was used', () => {
    const sum = sumOf([spending('a', 10, 50, 110)], spending('b', 11, 7, 25));
    expect(sum).toMatchObject({ source: 'estimated', costMicroUsd: 135, modelId: 'm', provider: { id: 'b' } });
    expect(sum.usage).toMatchObject({ inputTokens: 21, outputTokens: 57 });
  });

  it.each([
    [null, null, null],
    [null, 5, 5],
    [5, null, 5],
  ])('of the costs %p and %p is %p', (first, last, sum) =>
    expect(sumOf([spending('a', 1, 1, first)], spending('b', 1, 1, last)).costMicroUsd).toBe(sum),
  );

  it('does not know a cost since a last attempt used nothing', () => {
    const last = { ...spending('b', 0, 0, 0), source: 'none' as const };
    expect(sumOf([spending('a', 1, 1, null)], last).costMicroUsd).toBeNull();
  });
});

describe('what a charge comes to', () => {
  const first = spending('a', 10, 50, 110);
  const last = spending('b', 11, 7, 25);
  const amountsOf = (applicable: ApplicableLimit, reservations: readonly Reservation[]) =>
    reservations
      .filter(({ charges }) => charges.some((charge) => charge.applicable === applicable))
      .map((reservation) => actualAmount({ applicable, amount: 1 }, { reservation, reservations }, [first, last]));

  it('is everything where it is held once', () => {
    const tokens = limitOf('tokens');
    expect(amountsOf(tokens, [held(tokens), held(limitOf('cost'))])).toEqual([78]);
  });

  it('is one attempt each where it is held for each', () => {
    const cost = limitOf('cost');
    expect(amountsOf(cost, [held(cost), held(cost)])).toEqual([110, 25]);
  });

  it.each([
    ['provider:a', 60],
    ['provider:a/model:m', 60],
    ['provider:b', 18],
    ['provider:b/model:other', 0],
  ])('is for %s what was used there', (subject, amount) => {
    const tokens = limitOf('tokens', subject);
    expect(amountsOf(tokens, [held(tokens)])).toEqual([amount]);
  });

  it('is one request, however often it was tried', () => {
    const requests = limitOf('requests', 'provider:a');
    expect(amountsOf(requests, [held(requests)])).toEqual([1]);
  });

  it('adds up to all that was used', () => {
    const attempts = fc.array(fc.nat(1000), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(attempts, fc.integer({ min: 1, max: 4 }), (outputs, holders) => {
        const applicable = limitOf('output-tokens');
        const reservations = Array.from({ length: holders }, () => held(applicable));
        const spendings = outputs.map((output) => spending('a', 1, output, null));
        const amounts = reservations.map((reservation) =>
          actualAmount({ applicable, amount: 1 }, { reservation, reservations }, spendings),
        );
        const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
        expect(sum(amounts)).toBe(sum(outputs));
      }),
    );
  });
});
