import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { UsageEvent } from '@penstock/contracts';
import fc from 'fast-check';
import { MemoryLedgerStore } from '../ledgers/testing/memory-ledger-store.ts';
import { attach, createQuota, createTeamWithKey } from '../ledgers/testing/quota-rows.ts';
import { TouchedSubjectsLog } from '../ledgers/touched-subjects.ts';
import { createPrismaClient } from '../prisma/prisma.service.ts';
import { LedgerAlerts } from './ledger-alerts.ts';

const client = createPrismaClient(process.env['DATABASE_URL'] ?? 'missing');
const MONTH = { startMs: Date.UTC(2026, 0, 1), endMs: Date.UTC(2026, 1, 1) };
let ids: { teamId: string; keyId: string };
let nowMs = MONTH.startMs + 1_000;
beforeAll(async () => {
  ids = await createTeamWithKey(client, 'alerts');
});
afterEach(async () => {
  await client.alert.deleteMany();
  await client.quotaAttachment.deleteMany();
  await client.quota.deleteMany();
});
afterAll(async () => {
  await client.$disconnect();
});

/** A worker of its own: it remembers nothing of what others told. */
function worker(store: MemoryLedgerStore, touched = new TouchedSubjectsLog()): LedgerAlerts {
  return new LedgerAlerts({ client, store, touched, now: () => nowMs });
}

const toldPercents = async () => {
  const rows = await client.alert.findMany({ orderBy: { id: 'asc' } });
  return rows.map(({ limit }) => (limit as { thresholdPercent: number }).thresholdPercent);
};

describe('the alerts of thresholds', () => {
  it('are told of every kind of subject, in shadow mode too', async () => {
    const quotaId = await createQuota(client, 'q', {
      alertThresholds: [50],
      mode: 'shadow',
      unit: 'cost',
      max: 10_000_000,
    });
    await attach(client, quotaId, { teamId: ids.teamId });
    await attach(client, quotaId, { teamId: ids.teamId, eachKey: true });
    await attach(client, quotaId, { virtualKeyId: ids.keyId });
    await attach(client, quotaId, { subjectOrganizationId: '00000000-0000-7000-8000-000000000001' });
    const store = new MemoryLedgerStore();
    const { teamId, keyId } = ids;
    for (const subject of [
      `team:${teamId}`,
      `key:${keyId}`,
      `team:${teamId}/key:${keyId}`,
      'organization:00000000-0000-7000-8000-000000000001',
    ]) {
      store.spent.set(subject, 5_000_000);
    }
    await worker(store).run();
    const alerts = await client.alert.findMany({ orderBy: { subject: 'asc' } });
    expect(alerts.map(({ subject }) => subject)).toEqual([
      'Organization default',
      'Team alerts',
      'Team alerts, VirtualKey alerts',
      'VirtualKey alerts',
    ]);
    expect(alerts[1]).toMatchObject({
      kind: 'limit-threshold',
      title: 'Team alerts has reached 50 % of its cost of a month: 5.00 USD of 10.00 USD',
      limit: { quota: 'q', used: 5_000_000, max: 10_000_000, windowStart: '2026-01-01T00:00:00.000Z' },
    });
  });

  it('are told of the highest of several that are passed at once, and once more in the next window', async () => {
    await attach(client, await createQuota(client, 'q', { alertThresholds: [50, 80, 100] }), { teamId: ids.teamId });
    const store = new MemoryLedgerStore();
    const alerts = worker(store);
    const look = async (spent: number) => {
      store.spent.set(`team:${ids.teamId}`, spent);
      nowMs += 600_000; // so that everything is looked at
      await alerts.run();
      await worker(store).run();
      return toldPercents();
    };
    expect(await look(49)).toEqual([]);
    expect(await look(85)).toEqual([80]);
    expect(await look(60)).toEqual([80]);
    expect(await look(100)).toEqual([80, 100]);
    expect(await look(130)).toEqual([80, 100]);
    store.window = { startMs: MONTH.endMs, endMs: Date.UTC(2026, 2, 1) };
    nowMs = MONTH.endMs + 1;
    expect(await look(51)).toEqual([80, 100, 50]);
  });

  it('are told by one of two workers that see the same, twenty times out of twenty', async () => {
    for (let round = 0; round < 20; round += 1) {
      await attach(client, await createQuota(client, `race-${round}`, { alertThresholds: [50, 100] }), {
        teamId: ids.teamId,
      });
      const store = new MemoryLedgerStore();
      store.spent.set(`team:${ids.teamId}`, 100);
      await Promise.all([worker(store).run(), worker(store).run()]);
      expect(await toldPercents()).toEqual(Array.from({ length: round + 1 }, () => 100));
    }
  });

  it('fire at most once in a window and never below, whatever is spent and whoever looks', async () => {
    const thresholds = fc.uniqueArray(fc.integer({ min: 1, max: 100 }), { minLength: 1, maxLength: 4 });
    const steps = fc.array(fc.record({ spend: fc.nat({ max: 60 }), restart: fc.boolean() }), {
      minLength: 1,
      maxLength: 6,
    });
    const alignment = fc.constantFrom('calendar' as const, 'rolling' as const);
    let run = 0;
    await fc.assert(
      fc.asyncProperty(thresholds, steps, alignment, async (alertThresholds, spends, aligned) => {
        await client.alert.deleteMany();
        await client.quotaAttachment.deleteMany();
        const quotaId = await createQuota(client, `any-${(run += 1)}`, { alertThresholds, alignment: aligned });
        await attach(client, quotaId, { virtualKeyId: ids.keyId });
        const store = new MemoryLedgerStore();
        let [looker, spent] = [worker(store), 0];
        for (const { spend, restart } of spends) {
          spent += spend;
          store.spent.set(`key:${ids.keyId}`, spent);
          if (restart) looker = worker(store);
          nowMs += 600_000;
          await looker.run();
        }
        const told = await toldPercents();
        expect(new Set(told).size).toBe(told.length);
        expect(told.toSorted((left, right) => left - right)).toEqual(told);
        expect(told.every((percent) => spent >= percent)).toBe(true);
        const highest = Math.max(0, ...alertThresholds.filter((percent) => spent >= percent));
        expect(told.at(-1) ?? 0).toBe(highest);
      }),
      { numRuns: 25 },
    );
  });

  it('of a rolling window come again when a window has passed since the last one', async () => {
    await attach(client, await createQuota(client, 'q', { alertThresholds: [50], alignment: 'rolling' }), {
      teamId: ids.teamId,
    });
    const store = new MemoryLedgerStore();
    store.spent.set(`team:${ids.teamId}`, 70);
    const days = [0, 10, 20, 30, 32, 40, 62, 65];
    const startMs = nowMs;
    const counts: number[] = [];
    for (const day of days) {
      nowMs = startMs + day * 86_400_000;
      store.window = { startMs: nowMs - 30 * 86_400_000, endMs: nowMs };
      await Promise.all([worker(store).run(), worker(store).run()]);
      counts.push((await toldPercents()).length);
    }
    expect(counts).toEqual([1, 1, 1, 2, 2, 2, 3, 3]);
  });

  it('look only at what usage has touched, for two rounds, between the looks at everything', async () => {
    await attach(client, await createQuota(client, 'q', { alertThresholds: [50] }), { teamId: ids.teamId });
    const store = new MemoryLedgerStore();
    const touched = new TouchedSubjectsLog();
    const alerts = worker(store, touched);
    await alerts.run();
    store.spent.set(`team:${ids.teamId}`, 70);
    await alerts.run();
    expect(await toldPercents()).toEqual([]);
    const event = { teamId: ids.teamId, virtualKeyId: null, proxyId: null, providerId: null } as UsageEvent;
    touched.note([event]);
    store.spent.set(`team:${ids.teamId}`, 49);
    await alerts.run();
    store.spent.set(`team:${ids.teamId}`, 50);
    await alerts.run();
    expect(await toldPercents()).toEqual([50]);
  });
});
