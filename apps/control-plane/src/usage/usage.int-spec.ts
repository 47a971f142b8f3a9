import { randomUUIDv7 } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { UsageEvent } from '@penstock/contracts';
import { DEFAULT_ORGANIZATION_ID } from '../common/organization.ts';
import type { PrismaClient } from '../prisma/generated/client.ts';
import { createPrismaClient, PrismaService } from '../prisma/prisma.service.ts';
import * as documents from '../testing/documents.ts';
import { startTestApp, type TestApp } from '../testing/test-app.ts';
import { createPartitions, dropOldPartitions } from '../worker/usage-partitions.ts';
import { isPermanent } from '../worker/is-permanent.ts';
import { forgetOldSums } from './forget-old-sums.ts';
import { noteLastUse, storeUsageEvents } from './usage-store.ts';

const NOW = Date.UTC(2026, 5, 15, 12, 7, 30);
let app: TestApp;
let client: PrismaClient;
beforeAll(async () => {
  app = await startTestApp({ clock: () => NOW });
  client = app.nest.get(PrismaService).client;
});
afterAll(() => app.stop());
beforeEach(async () => {
  await client.usageEvent.deleteMany();
  await client.usageRollup.deleteMany();
  await client.usageDayRollup.deleteMany();
  await client.usageGroupRollup.deleteMany();
  await client.usageLatency.deleteMany();
});

const keyIds = Array.from({ length: 4 }, () => randomUUIDv7());
function usageEvent(index: number, fields: Partial<UsageEvent> = {}): UsageEvent {
  const key = index % 4;
  return {
    id: randomUUIDv7(),
    organizationId: DEFAULT_ORGANIZATION_ID,
    gatewayInstanceId: 'gateway-1',
    requestId: `request-${index}`,
    occurredAt: new Date(NOW - ((index * 7_919) % (40 * 3_600_000))).toISOString(),
    virtualKeyId: key === 3 ? null : keyIds[key]!,
    virtualKeyName: key === 3 ? null : `app-${key}`,
    teamId: null,
    teamName: null,
    proxyId: null,
    proxyName: 'shop',
    providerId: null,
    providerName: 'lab',
    requestedModel: 'smart',
    upstreamModel: index % 3 === 0 ? null : `model-${index % 3}`,
    modelId: null,
    userTag: null,
    sparedLimits: [],
    dialect: 'openai-chat',
    operation: 'chat',
    stream: false,
    outcome: index % 5 === 0 ? 'failed' : 'completed',
    httpStatus: 200,
    errorCode: null,
    attempts: 1,
    usage: { inputTokens: index, outputTokens: index * 2, cachedInputTokens: 1, reasoningTokens: 0 },
    usageSource: 'reported',
    costMicroUsd: index % 7 === 0 ? null : index,
    priceVersion: null,
    firstTokenMs: 1.25,
    durationMs: 10.5,
    ...fields,
  };
}
const events = (count: number) => Array.from({ length: count }, (_, index) => usageEvent(index));
const sum = (list: readonly UsageEvent[], value: (event: UsageEvent) => number) =>
  list.reduce((total, event) => total + value(event), 0);
/** Sums as the worker would have made them: one request with two input tokens for each key in each of the last hours. */
const rollUp = ({ groups, hours }: { groups: number; hours: number }) => client.$executeRaw`
  INSERT INTO usage_group_rollup
  SELECT ${DEFAULT_ORGANIZATION_ID}::uuid, d.dimension, w.width,
    date_bin(w.width * interval '1 minute', date_bin('1 hour', ${new Date(NOW)}, '2000-01-01Z') - h * interval '1 hour', '2000-01-01Z'),
    d.name, count(*), 0, 2 * count(*), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0
  FROM generate_series(1, ${groups}::int) AS g, generate_series(1, ${hours}::int) AS h, (VALUES (15), (60), (1440)) AS w(width),
    LATERAL (VALUES ('all', ''), ('key', 'key-' || g)) AS d(dimension, name)
  GROUP BY 2, 3, 4, 5`;
const wholeRange = `from=${new Date(NOW - 48 * 3_600_000).toISOString()}&to=${new Date(NOW + 1).toISOString()}`;

describe('usage events', () => {
  it('count once, however often and by however many writers they are stored', async () => {
    const all = events(600);
    const writers = [client, createPrismaClient(process.env['DATABASE_URL'] ?? '')];
    const batches = Array.from({ length: 24 }, (_, index) => [
      ...all.slice((index * 50) % 600, ((index * 50) % 600) + 90),
      ...all.slice(0, 20),
      ...all.slice(0, 20),
    ]).map((batch, index) => (index % 2 ? batch.toReversed() : batch));
    await Promise.all(
      writers.map(async (writer, offset) => {
        for (let index = offset; index < batches.length; index += 1) await storeUsageEvents(writer, batches[index]!);
      }),
    );
    await writers[1]!.$disconnect();

    const raw = await client.usageEvent.aggregate({
      _count: true,
      _sum: { inputTokens: true, outputTokens: true, costMicroUsd: true },
    });
    const rolled = await client.usageRollup.aggregate({
      _sum: { requests: true, inputTokens: true, outputTokens: true, costMicroUsd: true, durationCount: true },
    });
    const report = (await app.call('GET', `/usage/summary?${wholeRange}`)).body.total;
    const expected = {
      requests: 600,
      inputTokens: sum(all, ({ usage }) => usage.inputTokens),
      outputTokens: sum(all, ({ usage }) => usage.outputTokens),
      costMicroUsd: sum(all, ({ costMicroUsd }) => costMicroUsd ?? 0),
    };
    expect(report).toMatchObject({
      ...expected,
      errors: all.filter(({ outcome }) => outcome === 'failed').length,
      unknownCostRequests: all.filter(({ costMicroUsd }) => costMicroUsd === null).length,
      averageDurationMs: 10.5,
      averageFirstTokenMs: 1.25,
    });
    const numbers = (sums: Record<string, bigint | null>) =>
      Object.fromEntries(Object.entries(sums).map(([name, value]) => [name, Number(value)]));
    expect({ requests: raw._count, ...numbers(raw._sum) }).toEqual(expected);
    expect(numbers(rolled._sum)).toMatchObject(expected);
  });

  it('of every group add up to the total, in the summary and in the series', async () => {
    const all = events(300);
    await storeUsageEvents(client, all);
    for (const groupBy of ['key', 'team', 'proxy', 'provider', 'model']) {
      const { body } = await app.call('GET', `/usage/summary?groupBy=${groupBy}&${wholeRange}`);
      const total = body.items.reduce((count: number, item: { requests: number }) => count + item.requests, 0);
      expect({ groupBy, total }).toEqual({ groupBy, total: 300 });
    }
    const byKey = (await app.call('GET', `/usage/summary?groupBy=key&${wholeRange}`)).body.items;
    expect(byKey.find(({ key }: { key: string }) => key === 'app-1').inputTokens).toBe(
      sum(
        all.filter(({ virtualKeyName }) => virtualKeyName === 'app-1'),
        ({ usage }) => usage.inputTokens,
      ),
    );
    expect(byKey.find(({ key }: { key: string | null }) => key === null).requests).toBe(75);
    for (const interval of ['hour', 'day']) {
      const { body } = await app.call('GET', `/usage/timeseries?interval=${interval}&${wholeRange}`);
      expect(body.items.reduce((count: number, item: { requests: number }) => count + item.requests, 0)).toBe(300);
      expect(body.items[0].start).toMatch(interval === 'day' ? /T00:00:00.000Z$/ : /:00:00.000Z$/);
    }
  });

  it('of more groups than a summary lists count in its total all the same', async () => {
    await rollUp({ groups: 1_203, hours: 1 });
    const { body } = await app.call('GET', `/usage/summary?groupBy=key&${wholeRange}`);
    expect(body.items).toHaveLength(1_000);
    expect(body).toMatchObject({ omittedItems: 203, total: { requests: 1_203, inputTokens: 2_406 } });
    const { body: ungrouped } = await app.call('GET', `/usage/summary?${wholeRange}`);
    expect(ungrouped).toMatchObject({ items: [], omittedItems: 0, total: body.total });
  });

  it('of more points than a series has are refused, and what would fit is told and fits', async () => {
    await rollUp({ groups: 1_000, hours: 21 });
    const series = (query: string) => app.call('GET', `/usage/timeseries?groupBy=key&${query}`);
    const refused = await series(`interval=hour&${wholeRange}`);
    expect(refused).toMatchObject({ status: 400, body: { code: 'invalid', errors: [{ field: 'interval' }] } });
    expect(refused.body.message).toBe(
      'These are more than 20000 points of 1000 groups. Ask for interval=day, or a range of at most 19 hours, or one name instead of all.',
    );
    expect((await series(`interval=day&${wholeRange}`)).body.items).toHaveLength(2_000);
    const from = new Date(NOW - 19 * 3_600_000).toISOString();
    expect((await series(`interval=hour&from=${from}&to=${new Date(NOW).toISOString()}`)).status).toBe(200);
    expect((await series(`interval=hour&key=key-7&${wholeRange}`)).body.items).toHaveLength(21);
  });

  it('are told apart to the millisecond at the edges of a range', async () => {
    const at = (time: string) => usageEvent(1, { occurredAt: time });
    await storeUsageEvents(client, [
      at('2026-06-15T09:07:29.999Z'),
      at('2026-06-15T09:07:30.000Z'),
      at('2026-06-15T09:30:00.000Z'),
      at('2026-06-15T11:14:59.999Z'),
      at('2026-06-15T11:15:00.000Z'),
    ]);
    const count = async (from: string, to: string) =>
      (await app.call('GET', `/usage/summary?from=${from}&to=${to}`)).body.total.requests;
    expect(await count('2026-06-15T09:07:30Z', '2026-06-15T11:15:00Z')).toBe(3);
    expect(await count('2026-06-15T09:07:29.999Z', '2026-06-15T11:15:00.001Z')).toBe(5);
    expect(await count('2026-06-15T09:07:30Z', '2026-06-15T09:07:30.001Z')).toBe(1);
    expect(await count('2026-06-15T11:15:00Z', '2026-06-15T11:30:00Z')).toBe(1);
    expect(await count('2026-06-15T12:00:00%2B02:00', '2026-06-15T13:15:00%2B02:00')).toBe(1);
  });

  it('are filtered by name, and listed newest first', async () => {
    await storeUsageEvents(client, events(40));
    const filtered = await app.call('GET', `/usage/summary?key=app-2&model=model-1&${wholeRange}`);
    const matching = events(40).filter(
      ({ virtualKeyName, upstreamModel }) => virtualKeyName === 'app-2' && upstreamModel === 'model-1',
    );
    expect(filtered.body.total.requests).toBe(matching.length);
    const seen: string[] = [];
    let cursor = '';
    do {
      const page = (await app.call('GET', `/usage/events?limit=7&${wholeRange}${cursor && `&cursor=${cursor}`}`)).body;
      expect(page.total).toBe(40);
      seen.push(...page.items.map(({ occurredAt }: UsageEvent) => occurredAt));
      cursor = page.nextCursor ?? '';
    } while (cursor !== '');
    expect(seen).toHaveLength(40);
    expect(seen).toEqual(seen.toSorted().toReversed());
  });

  it('with text that the database cannot hold are stored all the same', async () => {
    await storeUsageEvents(client, [usageEvent(1, { requestedModel: 'a\u0000b\uD800' })]);
    expect((await client.usageEvent.findFirstOrThrow()).requestedModel).toBe('a\uFFFDb\uFFFD');
  });

  it('that the database refuses are told from a database that is away', async () => {
    const broken = { ...usageEvent(1), occurredAt: 'never' };
    const refused: unknown = await storeUsageEvents(client, [broken]).catch((error: unknown) => error);
    expect(isPermanent(refused)).toBe(true);
    const nowhere = createPrismaClient('postgresql://x:x@127.0.0.1:1/x');
    const away: unknown = await storeUsageEvents(nowhere, [usageEvent(1)]).catch((error: unknown) => error);
    expect(isPermanent(away)).toBe(false);
    await nowhere.$disconnect();
  });

  it('tell when a key was last used, and the time never goes back', async () => {
    const { body } = await app.call('POST', '/virtual-keys', { body: documents.virtualKey('used') });
    const use = (occurredAt: string) =>
      noteLastUse(client, [usageEvent(1, { virtualKeyId: body.status.id, occurredAt })]);
    const lastUsedAt = async () => (await app.call('GET', '/virtual-keys/used')).body.status.lastUsedAt;
    await use('2026-06-15T10:00:00.000Z');
    await use('2026-06-15T09:00:00.000Z');
    expect(await lastUsedAt()).toBe('2026-06-15T10:00:00.000Z');
  });
});

describe('sums', () => {
  it('that no report needs any more are forgotten: of users after 400 days, of all else after three years', async () => {
    const daysAgo = (days: number) => new Date(NOW - days * 86_400_000).toISOString();
    await storeUsageEvents(
      client,
      [1, 401, 1_101].map((days) => usageEvent(1, { occurredAt: daysAgo(days), userTag: 'eve' })),
    );
    expect(await forgetOldSums(client, NOW)).toBeGreaterThan(0);
    const left = async (dimension: string) =>
      Number(
        (await client.usageGroupRollup.aggregate({ where: { dimension, width: 1_440 }, _sum: { requests: true } }))._sum
          .requests,
      );
    expect({ users: await left('user'), keys: await left('key'), all: await left('all') }).toEqual({
      users: 1,
      keys: 2,
      all: 2,
    });
    expect([await client.usageRollup.count(), await client.usageDayRollup.count()]).toEqual([2, 2]);
    expect(await forgetOldSums(client, NOW)).toBe(0);
  });
});

describe('partitions', () => {
  const names = async () =>
    (
      await client.$queryRaw<{ name: string }[]>`
      SELECT c.relname::text AS name FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
      WHERE i.inhparent = 'usage_event'::regclass ORDER BY 1`
    ).map(({ name }) => name);

  it('are made ahead, take over what came before them, and are dropped when they are old', async () => {
    await storeUsageEvents(client, [usageEvent(0), usageEvent(1, { occurredAt: '2026-03-01T10:00:00.000Z' })]);
    await createPartitions(client, NOW);
    await createPartitions(client, NOW);
    expect(await names()).toEqual([
      'usage_event_20260301',
      ...['15', '16', '17', '18', '19', '20', '21'].map((day) => `usage_event_202606${day}`),
      'usage_event_default',
    ]);
    expect(await client.usageEvent.count()).toBe(2);
    expect(await client.$queryRaw`SELECT count(*)::int AS count FROM usage_event_default`).toEqual([{ count: 0 }]);
    await storeUsageEvents(client, [usageEvent(2)]);
    expect(await dropOldPartitions(client, NOW, 90)).toEqual(['2026-03-01']);
    expect(await client.usageEvent.count()).toBe(2);
    expect((await client.usageRollup.aggregate({ _sum: { requests: true } }))._sum.requests).toBe(3n);
  });
});
