import { randomUUIDv7 } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { windowAt } from '@penstock/rate-limiting';
import { createLogger } from '@penstock/telemetry';
import { Redis } from 'ioredis';
import { DEFAULT_ORGANIZATION_ID } from '../common/organization.ts';
import { createPrismaClient } from '../prisma/prisma.service.ts';
import { storeUsageEvents } from '../usage/usage-store.ts';
import { attachedLedgers } from './attached-ledgers.ts';
import { ledgerOrganizations } from './ledger-organizations.ts';
import { LedgerReseed } from './ledger-reseed.ts';
import { RedisLedgerStore } from './redis-ledger-store.ts';
import { attach, createQuota, createTeamWithKey } from './testing/quota-rows.ts';
import { usageEvent } from './testing/usage-events.ts';

const KEYS = 500;
const EVENTS = 5_000;
const HOUR_MS = 3_600_000;
/** Days begin at a quarter past the hour here. */
const TIME_ZONE = 'Asia/Kathmandu';
const organizationId = DEFAULT_ORGANIZATION_ID;
const client = createPrismaClient(process.env['DATABASE_URL'] ?? 'missing');
const redis = new Redis(process.env['REDIS_URL'] ?? 'missing', { lazyConnect: true, protocol: 2 });
const store = new RedisLedgerStore(redis);
const limits = [
  { unit: 'cost', window: 'month' },
  { unit: 'tokens', window: 'day' },
  { unit: 'requests', window: 'day', alignment: 'rolling' },
] as const;
let keys: string[];
beforeAll(async () => {
  await redis.connect();
  const { teamId } = await createTeamWithKey(client, 'lost');
  await client.organization.update({ where: { id: organizationId }, data: { spec: { timeZone: TIME_ZONE } } });
  const row = { organizationId, teamId, proxies: ['*'], labels: {}, annotations: {}, spec: {} };
  keys = Array.from({ length: KEYS }, () => randomUUIDv7());
  await client.virtualKey.createMany({ data: keys.map((id) => ({ ...row, id, name: id })) });
  for (const limit of limits) {
    const quotaId = await createQuota(client, limit.unit, { ...limit, max: 1_000_000 });
    await attach(client, quotaId, { teamId, eachKey: true });
  }
});
afterAll(async () => {
  redis.disconnect();
  await client.$disconnect();
});

describe('ledgers in Redis', () => {
  it('hold after its loss what the events of their windows add up to, in the time zone of the organization', async () => {
    const now = Date.now();
    const events = Array.from({ length: EVENTS }, (_, index) => {
      const agoMs = (index * 7919 * 1000) % (40 * HOUR_MS);
      return usageEvent({ virtualKeyId: keys[index % KEYS] ?? null, occurredAt: new Date(now - agoMs).toISOString() });
    });
    await storeUsageEvents(client, events);
    await redis.flushdb();
    const startedAt = performance.now();
    await new LedgerReseed({
      client,
      redis,
      store,
      logger: createLogger({ name: 'test', level: 'silent' }),
      now: Date.now,
      arrivalMs: 0,
    }).run();
    expect(performance.now() - startedAt).toBeLessThan(5_000);
    expect(await store.seeded(organizationId)).toBe(true);
    const [organization] = await ledgerOrganizations(client);
    let checked = 0;
    for await (const ledgers of attachedLedgers(client, { organization: organization! })) {
      const states = await store.read(ledgers.map(({ applicable }) => applicable));
      for (const [index, { applicable, subject }] of ledgers.entries()) {
        const own = events.filter(({ virtualKeyId }) => virtualKeyId === subject.events.id);
        const countAt = (nowMs: number) => {
          const { startMs } = windowAt(applicable.limit, TIME_ZONE, nowMs);
          return own.filter(({ occurredAt }) => Date.parse(occurredAt) >= startMs).length;
        };
        const each = { cost: 5, tokens: 7, requests: 1 }[applicable.limit.unit as 'cost'];
        // A window may have ended while this ran.
        expect([countAt(now) * each, countAt(Date.now()) * each]).toContain(states[index]?.spent);
        checked += 1;
      }
    }
    expect(checked).toBe((KEYS + 1) * limits.length);
  });
});
