import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Limit, limitId, redisNames } from '@penstock/contracts';
import { type PrivateRedis, startPrivateRedis, waitUntil } from '@penstock/testing';
import { Redis } from 'ioredis';
import { checkLedger } from './ledger-conformance.ts';
import { ledgersSeeded, markLedgersSeeded } from './ledgers-seeded.ts';
import { applicableLimit, CONFORMANCE_LEASE_MS, describeRateLimiter, reservationOf } from './limiter-conformance.ts';
import { limiterRedisOptions } from './limiter-redis-options.ts';
import { MemoryRateLimiter } from './memory-rate-limiter.ts';
import { raiseLedgers } from './raise-ledgers.ts';
import { readLedgers } from './read-ledgers.ts';
import { readLimitStatuses } from './read-limit-statuses.ts';
import { RedisRateLimiter } from './redis-rate-limiter.ts';
import { windowAt } from './window-at.ts';

jest.setTimeout(30_000);

let server: PrivateRedis;
let redis: Redis;
beforeAll(async () => {
  server = await startPrivateRedis({ options: ['--cluster-enabled', 'yes'] });
  redis = new Redis(server.url, limiterRedisOptions);
  await once(redis, 'ready');
  await redis.call('CLUSTER', 'ADDSLOTSRANGE', '0', '16383');
  await waitUntil('the cluster', async () => String(await redis.call('CLUSTER', 'INFO')).includes('cluster_state:ok'));
});
afterAll(async () => {
  redis.disconnect();
  await server.dispose();
});

const clock = { now: () => Date.now() };
function limiterWith(leaseMs: number, pledges: boolean): RedisRateLimiter {
  const fallback = new MemoryRateLimiter({ clock, share: () => 1 });
  const onError = (error: unknown): never => {
    throw error;
  };
  return new RedisRateLimiter({
    redis,
    clock,
    fallback,
    instances: () => 1,
    deadlineMs: 5_000,
    leaseMs,
    pledges,
    onError,
  });
}

describeRateLimiter('RedisRateLimiter on Redis Cluster', () => {
  const limiter = limiterWith(CONFORMANCE_LEASE_MS, false);
  return {
    limiter,
    advance: (ms) => new Promise((resolve) => void setTimeout(resolve, ms)),
    close: () => limiter.close(),
  };
});

describe('limits on Redis Cluster', () => {
  it('would be refused if they lay in two slots', async () => {
    const touch = "return redis.call('EXISTS', KEYS[1], KEYS[2])";
    await expect(redis.eval(touch, 2, '{a}', '{b}')).rejects.toThrow('CROSSSLOT');
    expect(await redis.eval(touch, 2, '{a}:1', '{a}:2')).toBe(0);
  });

  it('have all names of an organization in one slot, whatever their subject', async () => {
    const organizationId = '0197a3c0-0000-7000-8000-00000000000a';
    const subjects = ['organization:1', 'team:{2}', 'team:2/key:3', 'key:3', 'proxy:4', 'provider:5/model:6'];
    const ids = [
      { unit: 'cost', window: 'month', max: 1, alignment: 'rolling' },
      { unit: 'concurrency', max: 1 },
    ].map((limit) => limitId('q', Limit.parse(limit)));
    const names = [
      ...subjects.flatMap((subject) => ids.map((id) => redisNames.limit(organizationId, subject, id))),
      ...subjects.flatMap((subject) => ids.map((id) => `${redisNames.limit(organizationId, subject, id)}:leases`)),
      redisNames.reservation(organizationId, 'pledge-1'),
      redisNames.ledgersSeeded(organizationId),
    ];
    const slots = await Promise.all(names.map((name) => redis.call('CLUSTER', 'KEYSLOT', name)));
    expect(new Set(slots).size).toBe(1);
  });

  it.each(['calendar', 'rolling'] as const)('keep a %s ledger that agrees with its model', async (alignment) => {
    const expire = (): Promise<void> => new Promise((resolve) => void setTimeout(resolve, 3));
    const harness = { lasting: limiterWith(60_000, false), shortLived: limiterWith(1, false), expire };
    await checkLedger(harness, alignment, 20);
  });

  it('are pledged, read, raised and marked there', async () => {
    const limiter = limiterWith(60_000, true);
    const cost = applicableLimit({ unit: 'cost', window: 'month', max: 1_000_000 });
    const applicable = { ...cost, reseeded: true };
    await markLedgersSeeded(redis, applicable.organizationId);
    expect(await ledgersSeeded(redis, applicable.organizationId)).toBe(true);
    const { startMs } = windowAt(applicable.limit, 'UTC', clock.now());
    await raiseLedgers(redis, [{ applicable, windowStartMs: startMs, by: 100_000 }]);
    const reservation = reservationOf(await limiter.reserve([{ applicable, amount: 100_000 }]));
    const pledged = (): Promise<boolean> => readLedgers(redis, [applicable]).then(([one]) => one?.pledged === 8_000);
    await waitUntil('a pledge', pledged);
    await limiter.settle(reservation, () => 50_000);
    const [status] = await readLimitStatuses(redis, [applicable]);
    expect(status).toMatchObject({ used: 150_000, remaining: 842_000 });
    await limiter.close();
    expect((await readLedgers(redis, [applicable]))[0]).toMatchObject({ spent: 150_000, reserved: 0, pledged: 0 });
  });
});
