import { describe, expect, it } from '@jest/globals';
import { applicableLimit, type GivenLimit } from './limiter-conformance.ts';
import { LocalDebt } from './local-debt.ts';
import { SettlementQueue } from './settlement-queue.ts';

const HOUR_MS = 3_600_000;
const nowMs = Date.UTC(2026, 0, 14, 12, 30);
const at = (ms: number) => ({ nowMs: nowMs + ms, instances: 1 });

describe('what a process let through while Redis was lost', () => {
  const owed = (given: GivenLimit, afterMs: number, timeZone?: string): number => {
    const debt = new LocalDebt(10);
    const applicable = applicableLimit(given, timeZone);
    debt.add(applicable, 300, at(0));
    debt.add(applicable, 300, at(1));
    return debt.take(at(afterMs)).flatMap(({ charges }) => charges.map(({ actual }) => actual))[0] ?? 0;
  };

  it('drains from a rate, and is dropped from a ledger when its window has passed', () => {
    const cost = { unit: 'cost', window: 'hour', max: 1_000 } as const;
    expect(owed({ unit: 'tokens', window: 'hour', max: 600 }, HOUR_MS / 2)).toBe(300);
    expect(owed(cost, HOUR_MS / 2 - 1)).toBe(600);
    expect(owed(cost, HOUR_MS / 2)).toBe(0);
    expect(owed(cost, HOUR_MS / 2, 'Asia/Kolkata')).toBe(600); // where an hour began at 12:30 UTC
    expect(owed({ ...cost, alignment: 'rolling' }, HOUR_MS)).toBe(600);
    expect(owed({ ...cost, alignment: 'rolling' }, HOUR_MS + 3 * 60_000)).toBe(0);
  });

  it('is told in batches, each of one organization, and a few at a time', async () => {
    const debt = new LocalDebt(1_000);
    for (let limit = 0; limit < 900; limit += 1) {
      const applicable = applicableLimit({ unit: 'tokens', window: 'day', max: 1_000 });
      debt.add({ ...applicable, organizationId: `organization-${limit % 2}` }, 5, at(0));
    }
    const settlements = debt.take(at(1));
    expect(settlements).toHaveLength(18);
    for (const { charges, organizationId } of settlements) {
      expect(charges).toHaveLength(50);
      expect(charges.every(({ applicable }) => applicable.organizationId === organizationId)).toBe(true);
    }
    expect(debt.take(at(1))).toEqual([]);

    const queue = new SettlementQueue(1_000);
    for (let time = 0; time < 10; time += 1) queue.add(...settlements);
    let [running, most, sent] = [0, 0, 0];
    await queue.drain(async () => {
      most = Math.max(most, (running += 1));
      await Promise.resolve();
      running -= 1;
      sent += 1;
    });
    expect({ most, sent, left: queue.size }).toEqual({ most: 32, sent: 180, left: 0 });
  });

  it('is lost beyond its bound, which is counted', () => {
    const debt = new LocalDebt(2);
    for (let limit = 0; limit < 3; limit += 1) {
      debt.add(applicableLimit({ unit: 'tokens', window: 'day', max: 9 }), 1, at(0));
    }
    expect(debt.lost).toBe(1);
  });
});
