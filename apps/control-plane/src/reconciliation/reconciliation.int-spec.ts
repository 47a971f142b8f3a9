import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { LedgerDifference } from '@penstock/contracts';
import { DEFAULT_ORGANIZATION_ID } from '../common/organization.ts';
import { MemoryLedgerStore } from '../ledgers/testing/memory-ledger-store.ts';
import { attach, createQuota, createTeamWithKey } from '../ledgers/testing/quota-rows.ts';
import { usageEvent } from '../ledgers/testing/usage-events.ts';
import { createPrismaClient } from '../prisma/prisma.service.ts';
import { storeUsageEvents } from '../usage/usage-store.ts';
import { latestReconciliation, reconcile } from './reconcile.ts';

const client = createPrismaClient(process.env['DATABASE_URL'] ?? 'missing');
const organizationId = DEFAULT_ORGANIZATION_ID;
const START = Date.UTC(2026, 0, 15, 12);
let nowMs = START;
let ids: { teamId: string; keyId: string };
let store: MemoryLedgerStore;
beforeAll(async () => {
  ids = await createTeamWithKey(client, 'reconciled');
});
afterEach(async () => {
  await client.$executeRaw`
    TRUNCATE usage_event, usage_rollup, usage_day_rollup, usage_group_rollup, usage_latency, reconciliation_run, alert CASCADE`;
  await client.quotaAttachment.deleteMany();
  await client.quota.deleteMany();
  nowMs = START;
});
afterAll(async () => client.$disconnect());

/** A run some minutes after the one before. */
function run() {
  nowMs += 300_000;
  const logger = { warn: () => {} };
  return reconcile(organizationId, { client, store, logger, retentionDays: 90, now: () => nowMs });
}

async function storedEvents(): Promise<void> {
  const event = (day: number, given: object) =>
    usageEvent({
      occurredAt: new Date(START - day * 86_400_000).toISOString(),
      teamId: ids.teamId,
      teamName: 't',
      ...given,
    });
  await storeUsageEvents(client, [
    event(0, { userTag: 'u' }),
    event(0, { virtualKeyId: ids.keyId, virtualKeyName: 'k', outcome: 'failed', firstTokenMs: null }),
    event(1, { outcome: 'presumed', usageSource: 'presumed' }),
    event(40, {}),
  ]);
}

/** All sums, as the database holds them. */
const allSums = async () => ({
  quarters: await client.$queryRaw`SELECT * FROM usage_rollup ORDER BY bucket_start, virtual_key_id`,
  days: await client.$queryRaw`SELECT * FROM usage_day_rollup ORDER BY bucket_start, virtual_key_name`,
  groups: await client.$queryRaw`SELECT * FROM usage_group_rollup ORDER BY dimension, width, bucket_start, name`,
  latencies: await client.$queryRaw`
    SELECT dimension, width, bucket_start, name, bin, count FROM usage_latency CROSS JOIN LATERAL unnest(bins, counts) AS c(bin, count)
    ORDER BY 1, 2, 3, 4, 5`,
});

describe('the reconciliation', () => {
  it('finds sums and events equal as they are stored', async () => {
    store = new MemoryLedgerStore();
    await storedEvents();
    const result = await run();
    expect(result).toMatchObject({ consistent: true, rollups: { mismatched: 0 }, presumedRequests: 0 });
    expect(result?.rollups.checked).toBeGreaterThan(20);
    expect(await latestReconciliation(client, organizationId)).toEqual(result);
  });

  it.each([
    ['a quarter of an hour', `UPDATE usage_rollup SET input_tokens = input_tokens + 1`],
    ['a missing one', `DELETE FROM usage_rollup WHERE virtual_key_name = 'k'`],
    ['a day', `UPDATE usage_day_rollup SET cost_micro_usd = 0`],
    [
      'a group',
      `UPDATE usage_group_rollup SET requests = requests + 1 WHERE dimension = 'user' AND width = 1440 AND name = 'u'`,
    ],
    ['a missing group', `DELETE FROM usage_group_rollup WHERE dimension = 'team'`],
    ['a histogram', `UPDATE usage_latency SET counts = array_replace(counts, 1, 2)`],
  ])('computes the sums of %s anew when they are wrong, and tells once a day', async (_, damage) => {
    store = new MemoryLedgerStore();
    await storedEvents();
    const before = await allSums();
    await client.$executeRawUnsafe(
      `${damage} ${damage.includes('WHERE') ? 'AND' : 'WHERE'} bucket_start >= '2026-01-14'`,
    );
    const damaged = await run();
    expect(damaged?.consistent).toBe(false);
    expect(damaged?.rollups.mismatched).toBeGreaterThan(0);
    expect(await allSums()).toEqual(before);
    expect(await run()).toMatchObject({ consistent: true, rollups: { mismatched: 0 } });
    expect(await client.alert.count({ where: { kind: 'reconciliation' } })).toBe(1);
  });

  it('looks at every older day in turn', async () => {
    store = new MemoryLedgerStore();
    await storedEvents();
    await client.$executeRaw`UPDATE usage_rollup SET requests = 7 WHERE bucket_start < '2026-01-01'`;
    const found: number[] = [];
    for (let count = 0; count < 87; count += 1) found.push((await run())?.rollups.mismatched ?? 0);
    expect(found.filter((mismatched) => mismatched > 0)).toHaveLength(1);
  });

  it('raises a ledger that was too low twice by what was missing both times', async () => {
    store = new MemoryLedgerStore();
    await store.markSeeded(organizationId);
    store.window = { startMs: Date.UTC(2026, 0, 1), endMs: Date.UTC(2026, 1, 1) };
    await storedEvents();
    await attach(client, await createQuota(client, 'q', { unit: 'requests' }), { teamId: ids.teamId });
    const counter = `team:${ids.teamId}`;
    const differences = async (): Promise<readonly LedgerDifference[] | undefined> =>
      (await run())?.ledgers.differences;
    store.spent.set(counter, 1);
    expect(await differences()).toMatchObject([
      { ledger: 1, events: 3, outcome: 'pending', subject: 'Team reconciled' },
    ]);
    store.spent.set(counter, 2); // one was under way
    expect(await differences()).toMatchObject([{ ledger: 2, events: 3, outcome: 'raised' }]);
    expect(store.spent.get(counter)).toBe(3);
    expect(await differences()).toEqual([]);
  });

  it('does not charge a limit for what it sent to another model', async () => {
    store = new MemoryLedgerStore();
    await store.markSeeded(organizationId);
    store.window = { startMs: Date.UTC(2026, 0, 1), endMs: Date.UTC(2026, 1, 1) };
    const routing = await createQuota(client, 'q', { unit: 'cost', onExceeded: { route: 'cheap' } });
    await attach(client, routing, { teamId: ids.teamId });
    const counter = `team:${ids.teamId}`;
    const event = (costMicroUsd: number, sparedLimits: string[] = []) =>
      usageEvent({ occurredAt: new Date(START).toISOString(), teamId: ids.teamId, costMicroUsd, sparedLimits });
    await storeUsageEvents(client, [
      event(1200),
      event(38_000, [`${counter}/q/cost/month`]),
      event(7, ['team:x/other']),
    ]);
    store.spent.set(counter, 1207);
    for (const _ of [1, 2, 3]) {
      expect((await run())?.ledgers).toEqual({ checked: 1, differences: [] });
    }
    expect({ raised: store.raised, spent: store.spent.get(counter) }).toEqual({ raised: [], spent: 1207 });
  });

  it('shows a ledger that holds more, as presumed when it lasts and is no request under way', async () => {
    store = new MemoryLedgerStore();
    await store.markSeeded(organizationId);
    store.window = { startMs: Date.UTC(2026, 0, 1), endMs: Date.UTC(2026, 1, 1) };
    await storedEvents();
    await attach(client, await createQuota(client, 'q', {}), { teamId: ids.teamId });
    store.spent.set(`team:${ids.teamId}`, 31);
    store.reserved = 10;
    const outcome = async () => {
      const result = await run();
      return { consistent: result?.consistent, outcome: result?.ledgers.differences[0]?.outcome };
    };
    expect(await outcome()).toEqual({ consistent: true, outcome: 'pending' });
    expect(await outcome()).toEqual({ consistent: true, outcome: 'pending' });
    store.reserved = 0;
    expect(await outcome()).toEqual({ consistent: true, outcome: 'presumed' });
    expect(store.raised).toEqual([]);
  });

  it('leaves ledgers alone that are not written back yet, and keeps 500 runs', async () => {
    store = new MemoryLedgerStore();
    await storedEvents();
    await attach(client, await createQuota(client, 'q', {}), { teamId: ids.teamId });
    expect((await run())?.ledgers).toEqual({ checked: 0, differences: [] });
    const result = await latestReconciliation(client, organizationId);
    const rows = Array.from({ length: 600 }, (_, index) => ({
      organizationId,
      checkedAt: new Date(START - index * 1000),
      consistent: true,
      result: result!,
    }));
    await client.reconciliationRun.createMany({ data: rows });
    await run();
    expect(await client.reconciliationRun.count()).toBe(500);
  });

  it('runs in one process at a time', async () => {
    store = new MemoryLedgerStore();
    await storedEvents();
    const results = await Promise.all([run(), run(), run()]);
    expect(results.filter((result) => result !== undefined)).toHaveLength(1);
  });
});
