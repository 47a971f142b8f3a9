import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { UsageEvent } from '@penstock/contracts';
import fc from 'fast-check';
import type { PrismaClient } from '../prisma/generated/client.ts';
import { PrismaService } from '../prisma/prisma.service.ts';
import { startTestApp, type TestApp } from '../testing/test-app.ts';
import { forgetUsage, someEvent } from './testing/usage-fixture.ts';
import { storeUsageEvents } from './usage-store.ts';

let app: TestApp;
let client: PrismaClient;
beforeAll(async () => {
  app = await startTestApp({ clock: () => Date.UTC(2026, 5, 15, 12) });
  client = app.nest.get(PrismaService).client;
});
afterAll(() => app.stop());
beforeEach(() => forgetUsage(client));

const get = async (path: string, query: Record<string, string>) => {
  const { status, body } = await app.call('GET', `${path}?${new URLSearchParams(query).toString()}`);
  if (status !== 200) throw new Error(`${path} answered ${status}: ${JSON.stringify(body)}`);
  return body;
};
/** Around changes of the clock, in zones of whole, half and quarter hours; Amsterdam's of 1937 had seconds. */
const PLACES = [
  ['Europe/Berlin', '2026-03-29T01:00Z'],
  ['Europe/Berlin', '2026-10-25T01:00Z'],
  ['Australia/Lord_Howe', '2026-04-04T15:00Z'],
  ['Australia/Lord_Howe', '2026-10-03T15:30Z'],
  ['Asia/Kathmandu', '2026-06-15T18:15Z'],
  ['Pacific/Chatham', '2026-04-04T14:00Z'],
  ['Pacific/Apia', '2011-12-30T10:00Z'],
  ['Europe/Amsterdam', '1937-06-30T23:40Z'],
  ['America/St_Johns', '2026-11-01T04:30Z'],
] as const;
const HOUR_MS = 3_600_000;

function startOf(timeMs: number, interval: string, timeZone: string): number {
  const zoned = Temporal.Instant.fromEpochMilliseconds(timeMs).toZonedDateTimeISO(timeZone);
  const day =
    interval === 'month'
      ? zoned.with({ day: 1 })
      : zoned.subtract({ days: interval === 'week' ? zoned.dayOfWeek - 1 : 0 });
  return day.startOfDay().epochMilliseconds;
}

describe('reports in any time zone and range', () => {
  it('count each event once: the series add up to the summary, and both to the events', async () => {
    const offset = fc.integer({ min: -40 * HOUR_MS, max: 40 * HOUR_MS });
    const place = fc.constantFrom(...PLACES);
    const intervals = fc.constantFrom('hour', 'day', 'week', 'month');
    const group = fc.constantFrom('none', 'key', 'user', 'model');
    await fc.assert(
      fc.asyncProperty(
        place,
        fc.array(offset, { minLength: 1, maxLength: 60 }),
        fc.tuple(offset, offset),
        fc.tuple(intervals, group, fc.constantFrom(undefined, 'key-0')),
        async ([timeZone, near], times, [a, b], [interval, groupBy, key]) => {
          fc.pre(a !== b);
          await forgetUsage(client);
          const middle = Date.parse(near);
          const events = times.map((time, index) =>
            someEvent({
              occurredAt: new Date(middle + time).toISOString(),
              virtualKeyId: `00000000-0000-7000-8000-00000000000${index % 3}`,
              virtualKeyName: `key-${index % 3}`,
              userTag: index % 4 === 0 ? null : `user-${index % 2}`,
              upstreamModel: index % 5 === 0 ? null : 'model',
              costMicroUsd: index,
            }),
          );
          await storeUsageEvents(client, events);
          const [from, to] = [middle + Math.min(a, b), middle + Math.max(a, b)];
          const inside = events.filter(
            ({ occurredAt, virtualKeyName }) =>
              Date.parse(occurredAt) >= from &&
              Date.parse(occurredAt) < to &&
              (key === undefined || virtualKeyName === key),
          );
          const query = {
            from: new Date(from).toISOString(),
            to: new Date(to).toISOString(),
            timeZone,
            ...(groupBy !== 'none' && { groupBy }),
            ...(key !== undefined && { key }),
          };
          const summary = await get('/usage/summary', query);
          const series = await get('/usage/timeseries', { ...query, interval });
          const total = (items: readonly { requests: number; costMicroUsd: number }[]) => ({
            requests: items.reduce((sum, item) => sum + item.requests, 0),
            costMicroUsd: items.reduce((sum, item) => sum + item.costMicroUsd, 0),
          });
          const expected = {
            requests: inside.length,
            costMicroUsd: inside.reduce((sum, { costMicroUsd }) => sum + (costMicroUsd ?? 0), 0),
          };
          expect({ summary: total([summary.total]), series: total(series.items) }).toEqual({
            summary: expected,
            series: expected,
          });
          if (groupBy !== 'none') expect(total(summary.items)).toEqual(expected);
          if (interval !== 'hour' && groupBy === 'none') {
            const model = Map.groupBy(inside, ({ occurredAt }) => startOf(Date.parse(occurredAt), interval, timeZone));
            const seen = series.items.map((item: { start: string; requests: number }) => [
              Date.parse(item.start),
              item.requests,
            ]);
            const counts = [...model].map(([start, some]) => [start, some.length] as const);
            expect(seen).toEqual(counts.toSorted(([one], [other]) => one - other));
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it('take the zone of the organization where the query has none, and dates in it', async () => {
    await storeUsageEvents(client, [someEvent({ occurredAt: '2026-06-14T22:30:00.000Z' }), someEvent()]);
    const { id } = await client.organization.findFirstOrThrow();
    await client.organization.update({ where: { id }, data: { spec: { timeZone: 'Europe/Berlin', quotas: [] } } });
    const body = await get('/usage/timeseries', { interval: 'day', from: '2026-06-15', to: '2026-06-16' });
    expect(body).toMatchObject({
      timeZone: 'Europe/Berlin',
      from: '2026-06-14T22:00:00.000Z',
      to: '2026-06-15T22:00:00.000Z',
    });
    expect(body.items).toMatchObject([{ start: '2026-06-14T22:00:00.000Z', requests: 2 }]);
    await client.organization.update({ where: { id }, data: { spec: { timeZone: 'UTC', quotas: [] } } });
    expect((await get('/usage/summary', { from: '2026-06-15', to: '2026-06-16' })).total.requests).toBe(1);
  });
});

describe('reports by several names', () => {
  it('of each pair of filter and group equal what the events say', async () => {
    const events: UsageEvent[] = Array.from({ length: 120 }, (_, index) =>
      someEvent({
        occurredAt: new Date(Date.UTC(2026, 5, 14) + index * 1_700_000).toISOString(),
        virtualKeyId: `00000000-0000-7000-8000-00000000000${index % 3}`,
        virtualKeyName: `key-${index % 3}`,
        userTag: `user-${index % 4}`,
        upstreamModel: `model-${index % 5}`,
        usageSource: index % 6 === 0 ? 'estimated' : 'reported',
        usage: { inputTokens: 9, outputTokens: 1, cachedInputTokens: 0, reasoningTokens: 0, cacheWriteTokens: index },
      }),
    );
    await storeUsageEvents(client, events);
    const range = { from: '2026-06-14T00:07:00Z', to: '2026-06-16T10:11:00Z' };
    const inside = events.filter(
      ({ occurredAt }) => occurredAt >= '2026-06-14T00:07' && occurredAt < '2026-06-16T10:11',
    );
    const names = { key: 'virtualKeyName', user: 'userTag', model: 'upstreamModel' } as const;
    const kinds = ['key', 'user', 'model'] as const;
    for (const filter of kinds) {
      for (const groupBy of kinds) {
        const body = await get('/usage/summary', { ...range, groupBy, [filter]: `${filter}-1` });
        const mine = inside.filter((event) => event[names[filter]] === `${filter}-1`);
        const expected = [...Map.groupBy(mine, (event) => event[names[groupBy]])].map(([name, some]) => ({
          [groupBy]: name,
          requests: some.length,
          estimatedRequests: some.filter(({ usageSource }) => usageSource === 'estimated').length,
          cacheWriteTokens: some.reduce((sum, { usage }) => sum + (usage.cacheWriteTokens ?? 0), 0),
        }));
        const byName = (items: Record<string, unknown>[]) =>
          items.toSorted((one, other) => String(one[groupBy]).localeCompare(String(other[groupBy])));
        expect(byName(body.items)).toMatchObject(byName(expected));
      }
    }
    const top = await get('/usage/timeseries', { ...range, groupBy: 'key', top: '1', interval: 'day' });
    expect(new Set(top.items.map(({ key }: { key: string }) => key)).size).toBe(1);
  });
});

describe('percentiles', () => {
  it('are at most 5 % from the exact ones, in a summary, its groups and a series', async () => {
    const latency = fc.double({ min: 0.5, max: 600_000, noNaN: true });
    await fc.assert(
      fc.asyncProperty(
        fc.array(latency, { minLength: 1, maxLength: 80 }),
        fc.integer({ min: 0, max: 40 }),
        async (latencies, shift) => {
          await forgetUsage(client);
          const from = Date.UTC(2026, 5, 13, shift);
          const events = latencies.map((durationMs, index) =>
            someEvent({
              occurredAt: new Date(from + index * 2_000_000).toISOString(),
              virtualKeyName: `key-${index % 2}`,
              durationMs,
              firstTokenMs: index % 3 === 0 ? null : durationMs / 2,
              outcome: index % 7 === 6 ? 'failed' : 'completed',
            }),
          );
          await storeUsageEvents(client, [...events, ...events.slice(0, 5)]);
          await storeUsageEvents(client, events.slice(3));
          const range = {
            from: new Date(from).toISOString(),
            to: new Date(from + 5 * 86_400_000).toISOString(),
            percentiles: 'true',
          };
          const summary = await get('/usage/summary', { ...range, groupBy: 'key' });
          requireNear(summary.total, events);
          for (const item of summary.items)
            requireNear(
              item,
              events.filter(({ virtualKeyName }) => virtualKeyName === item.key),
            );
          const series = await get('/usage/timeseries', { ...range, interval: 'day', timeZone: 'Asia/Kathmandu' });
          for (const item of series.items) {
            const mine = events.filter(
              ({ occurredAt }) => startOf(Date.parse(occurredAt), 'day', 'Asia/Kathmandu') === Date.parse(item.start),
            );
            requireNear(item, mine);
          }
        },
      ),
      { numRuns: 25 },
    );
  });
});

function requireNear(item: Record<string, unknown>, events: readonly UsageEvent[]): void {
  const finished = events.filter(({ outcome }) => outcome === 'completed').map(({ durationMs }) => durationMs);
  const first = events.flatMap(({ firstTokenMs }) => firstTokenMs ?? []);
  for (const [field, exact] of [
    ['durationMs', finished],
    ['firstTokenMs', first],
  ] as const) {
    const seen = item[field] as Record<string, number> | null;
    if (exact.length === 0) expect(seen).toBeNull();
    else {
      for (const hundredths of [50, 90, 95, 99]) {
        const sorted = exact.toSorted((one, other) => one - other);
        const expected = sorted[Math.ceil((hundredths / 100) * sorted.length) - 1]!;
        expect(Math.abs(seen![`p${hundredths}`]! / expected - 1)).toBeLessThan(0.05);
      }
    }
  }
}
