import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { redisNames } from '@penstock/contracts';
import { createLogger } from '@penstock/telemetry';
import { Redis } from 'ioredis';
import { DEFAULT_ORGANIZATION_ID } from '../common/organization.ts';
import { createPrismaClient } from '../prisma/prisma.service.ts';
import { storeUsageEvents } from '../usage/usage-store.ts';
import { LedgerReseed } from './ledger-reseed.ts';
import { MemoryLedgerStore } from './testing/memory-ledger-store.ts';
import { attach, createQuota, createTeamWithKey } from './testing/quota-rows.ts';
import { usageEvent } from './testing/usage-events.ts';

const client = createPrismaClient(process.env['DATABASE_URL'] ?? 'missing');
const redis = new Redis(process.env['REDIS_URL'] ?? 'missing', { lazyConnect: true, protocol: 2 });
const logger = createLogger({ name: 'test', level: 'silent' });
let ids: { teamId: string; keyId: string };
beforeAll(async () => {
  await redis.connect();
  ids = await createTeamWithKey(client, 'reseed');
});
afterEach(async () => {
  await client.$executeRaw`TRUNCATE usage_event, usage_rollup`;
  await client.quotaAttachment.deleteMany();
  await client.quota.deleteMany();
  await redis.flushdb();
});
afterAll(async () => {
  redis.disconnect();
  await client.$disconnect();
});

const reseed = (store: MemoryLedgerStore, arrivalMs = 0) =>
  new LedgerReseed({ client, redis, store, logger, now: () => Date.now(), arrivalMs });

async function tokenLimits(): Promise<void> {
  const quotaId = await createQuota(client, 'q', { unit: 'tokens' });
  await attach(client, quotaId, { teamId: ids.teamId });
  await attach(client, quotaId, { teamId: ids.teamId, eachKey: true });
}

const seeded = (store: MemoryLedgerStore) => store.seeded(DEFAULT_ORGANIZATION_ID);

describe('writing ledgers back', () => {
  it('is done at once where there are none', async () => {
    const store = new MemoryLedgerStore();
    const startedAt = performance.now();
    await reseed(store, 60_000).run();
    expect(await seeded(store)).toBe(true);
    expect(performance.now() - startedAt).toBeLessThan(1_000);
  });

  it('raises what Redis has lost by what usage says, less what was spent since', async () => {
    await tokenLimits();
    const event = { teamId: ids.teamId, virtualKeyId: ids.keyId };
    await storeUsageEvents(client, [usageEvent(event), usageEvent(event), usageEvent({ teamId: ids.teamId })]);
    const store = new MemoryLedgerStore();
    store.spent.set(`team:${ids.teamId}`, 6);
    await reseed(store).run();
    const { teamId, keyId } = ids;
    expect(Object.fromEntries(store.spent)).toEqual({ [`team:${teamId}`]: 21, [`team:${teamId}/key:${keyId}`]: 14 });
    expect(await seeded(store)).toBe(true);
    await reseed(store).run();
    expect(store.raised).toHaveLength(2);
  });

  it('leaves out what a limit sent to another model', async () => {
    const quotaId = await createQuota(client, 'q', { unit: 'tokens', onExceeded: { route: 'cheap' } });
    await attach(client, quotaId, { teamId: ids.teamId });
    await attach(client, quotaId, { teamId: ids.teamId, eachKey: true });
    const { teamId, keyId } = ids;
    const event = { teamId, virtualKeyId: keyId };
    const routed = usageEvent({ ...event, sparedLimits: [`team:${teamId}/q/tokens/month`] });
    await storeUsageEvents(client, [usageEvent(event), routed]);
    const store = new MemoryLedgerStore();
    await reseed(store).run();
    expect(Object.fromEntries(store.spent)).toEqual({ [`team:${teamId}`]: 7, [`team:${teamId}/key:${keyId}`]: 14 });
  });

  it('reads budgets when gateways hold back what ends, and everything else before', async () => {
    const { teamId, keyId } = ids;
    for (const unit of ['cost', 'tokens'] as const) {
      const quotaId = await createQuota(client, unit, { unit, max: 10_000 });
      await attach(client, quotaId, unit === 'cost' ? { teamId } : { virtualKeyId: keyId });
    }
    await storeUsageEvents(client, [usageEvent({ teamId, virtualKeyId: keyId, costMicroUsd: 50 })]);
    const store = new MemoryLedgerStore();
    // A request ends after the first look and before its gateway hears of the attempt: it is settled, and its event is there.
    const read = store.read.bind(store);
    store.read = async (applicable) => {
      const states = await read(applicable);
      store.spent.set(`team:${teamId}`, 50);
      store.spent.set(`key:${keyId}`, 7);
      return states;
    };
    await reseed(store).run();
    expect(store.spent.get(`team:${teamId}`)).toBe(50);
    // Twice, on the safe side.
    expect(store.spent.get(`key:${keyId}`)).toBe(14);
  });

  it('never lowers a ledger', async () => {
    await tokenLimits();
    const store = new MemoryLedgerStore();
    store.spent.set(`team:${ids.teamId}`, 6);
    await reseed(store).run();
    expect(store.raised).toEqual([]);
  });

  it('is done by one of several workers', async () => {
    await tokenLimits();
    await storeUsageEvents(client, [usageEvent({ teamId: ids.teamId })]);
    const store = new MemoryLedgerStore();
    const workers = Array.from({ length: 4 }, () => reseed(store));
    for (let round = 0; round < 3; round += 1) await Promise.all(workers.map((worker) => worker.run()));
    expect(store.raised).toHaveLength(1);
  });

  it('waits for usage that is on its way in the stream', async () => {
    await tokenLimits();
    const store = new MemoryLedgerStore();
    await redis.xadd(redisNames.usageStream, '*', 'event', 'one');
    await redis.xgroup('CREATE', redisNames.usageStream, redisNames.usageConsumerGroup, '0');
    const running = reseed(store).run();
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(await seeded(store)).toBe(false);
    await storeUsageEvents(client, [usageEvent({ teamId: ids.teamId })]);
    const group = ['GROUP', redisNames.usageConsumerGroup, 'worker'] as const;
    const reply = await redis.xreadgroup(...group, 'STREAMS', redisNames.usageStream, '>');
    const id = reply?.[0]?.[1][0]?.[0] ?? '';
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(await seeded(store)).toBe(false);
    await redis.xack(redisNames.usageStream, redisNames.usageConsumerGroup, id);
    await running;
    expect(store.spent.get(`team:${ids.teamId}`)).toBe(7);
    expect(await redis.exists(redisNames.ledgerReseed)).toBe(0);
  });
});
