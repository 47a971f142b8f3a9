import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { KeyUsage, redisNames } from '@penstock/contracts';
import { Redis } from 'ioredis';
import { DEFAULT_ORGANIZATION_ID } from '../common/organization.ts';
import type { PrismaClient } from '../prisma/generated/client.ts';
import { createPrismaClient } from '../prisma/prisma.service.ts';
import { KeyUsageWriter } from './key-usage-writer.ts';
import { forgetUsage, someEvent } from './testing/usage-fixture.ts';
import { storeUsageEvents } from './usage-store.ts';

const NOW = Date.parse('2026-06-15T12:00:00Z');
const redis = new Redis(process.env['REDIS_URL'] ?? 'missing', { lazyConnect: true });
let prisma: PrismaClient;
beforeAll(async () => {
  await redis.connect();
  prisma = createPrismaClient(process.env['DATABASE_URL'] ?? '');
  const spec = { timeZone: 'Asia/Kathmandu', quotas: [] };
  await prisma.organization.upsert({
    where: { id: DEFAULT_ORGANIZATION_ID },
    create: { id: DEFAULT_ORGANIZATION_ID, name: 'default', spec },
    update: { spec },
  });
});
afterAll(async () => {
  await prisma.$disconnect();
  redis.disconnect();
});
beforeEach(async () => {
  await forgetUsage(prisma);
  await redis.flushall();
});

const errors: unknown[] = [];
const writer = (everyMs = 10_000) =>
  new KeyUsageWriter({ prisma, redis, clock: () => NOW, onError: (error) => errors.push(error), everyMs });
const read = async (id: string) => KeyUsage.parse(JSON.parse((await redis.get(redisNames.keyUsage(id))) ?? 'null'));

describe('the usage of keys in Redis', () => {
  it("is what each touched key spent today and this month in the organization's time zone", async () => {
    const [one, other] = ['00000000-0000-7000-8000-000000000001', '00000000-0000-7000-8000-000000000002'];
    const events = [
      someEvent({ virtualKeyId: one, virtualKeyName: 'one', occurredAt: '2026-06-14T18:15:00.000Z' }),
      someEvent({
        virtualKeyId: one,
        virtualKeyName: 'one',
        occurredAt: '2026-06-14T18:14:59.999Z',
        outcome: 'failed',
      }),
      someEvent({ virtualKeyId: one, virtualKeyName: 'one', occurredAt: '2026-05-31T18:14:59.999Z' }),
      someEvent({ virtualKeyId: other, virtualKeyName: 'other', costMicroUsd: null }),
    ];
    await storeUsageEvents(prisma, events);
    const keys = writer();
    keys.committed(events);
    await keys.flush();
    expect(await read(one)).toEqual({
      updatedAt: '2026-06-15T12:00:00.000Z',
      timeZone: 'Asia/Kathmandu',
      today: expect.objectContaining({
        from: '2026-06-14T18:15:00.000Z',
        to: '2026-06-15T18:15:00.000Z',
        requests: 1,
        errors: 0,
        costMicroUsd: 7,
      }),
      month: expect.objectContaining({
        from: '2026-05-31T18:15:00.000Z',
        to: '2026-06-30T18:15:00.000Z',
        requests: 2,
        errors: 1,
        inputTokens: 20,
      }),
    });
    expect(await read(other)).toMatchObject({ today: { requests: 1, unknownCostRequests: 1, costMicroUsd: 0 } });
    expect(await redis.ttl(redisNames.keyUsage(one))).toBeGreaterThan(39 * 86_400);
    await keys.stop();
  });

  it('is written once in a while, however many commits there are', async () => {
    const events = [someEvent()];
    await storeUsageEvents(prisma, events);
    const written: number[] = [];
    const counting = new Proxy(redis, {
      get: (target, name) => {
        if (name === 'set') written.push(1);
        const value: unknown = Reflect.get(target, name);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
    const keys = new KeyUsageWriter({
      prisma,
      redis: counting,
      clock: () => NOW,
      onError: (error) => errors.push(error),
      everyMs: 200,
    });
    for (let commit = 0; commit < 50; commit += 1) keys.committed(events);
    expect(written).toHaveLength(0);
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(written).toHaveLength(1);
    await keys.stop();
    expect(errors).toEqual([]);
  });

  it('waits for Postgres to come back', async () => {
    const failures: unknown[] = [];
    let broken = true;
    const moody = new Proxy(prisma, {
      get: (target, name) => {
        if (name === '$queryRaw' && broken) return () => Promise.reject(new Error('away'));
        return Reflect.get(target, name) as unknown;
      },
    });
    const events = [someEvent()];
    await storeUsageEvents(prisma, events);
    const keys = new KeyUsageWriter({
      prisma: moody,
      redis,
      clock: () => NOW,
      onError: (error) => failures.push(error),
      everyMs: 10_000,
    });
    keys.committed(events);
    await keys.flush();
    expect(failures).toHaveLength(1);
    broken = false;
    await keys.flush();
    expect(await read(events[0]!.virtualKeyId!)).toMatchObject({ today: { requests: 1 } });
    await keys.stop();
  });
});
