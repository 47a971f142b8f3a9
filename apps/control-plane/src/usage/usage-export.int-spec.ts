import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { waitUntil } from '@penstock/testing';
import type { PrismaClient } from '../prisma/generated/client.ts';
import { PrismaService } from '../prisma/prisma.service.ts';
import { startTestApp, type TestApp } from '../testing/test-app.ts';
import { forgetUsage, someEvent } from './testing/usage-fixture.ts';
import { storeUsageEvents } from './usage-store.ts';

let app: TestApp;
let client: PrismaClient;
beforeAll(async () => {
  app = await startTestApp({ clock: () => Date.UTC(2026, 5, 16) });
  client = app.nest.get(PrismaService).client;
});
afterAll(() => app.stop());
beforeEach(() => forgetUsage(client));

const range = 'from=2026-06-14&to=2026-06-17';
/** Rows of a CSV without line ends in its cells, by header. */
function rowsOf(text: string): Record<string, string>[] {
  const [header = [], ...rows] = text.trimEnd().split('\r\n').map(cellsOf);
  return rows.map((cells) => Object.fromEntries(header.map((name, index) => [name, cells[index] ?? ''])));
}
function cellsOf(line: string): string[] {
  return [...line.matchAll(/(?:"((?:[^"]|"")*)"|([^,"]*))(?:,|$)/g)]
    .slice(0, -1)
    .map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '');
}
const spread = (count: number) =>
  Array.from({ length: count }, (_, index) =>
    someEvent({
      occurredAt: new Date(Date.UTC(2026, 5, 14, 20) + index * 60_000).toISOString(),
      userTag: index % 2 ? '=cmd|calc' : `user "${index % 3}"`,
      virtualKeyName: `app-${index % 3}`,
      costMicroUsd: index % 10 === 0 ? null : index * 13,
      outcome: index % 4 === 0 ? 'failed' : 'completed',
      usage: {
        inputTokens: index + 1,
        outputTokens: index % 3,
        cachedInputTokens: Math.floor(index / 2),
        reasoningTokens: 0,
        cacheWriteTokens: index % 5 === 0 ? 1 : 0,
      },
    }),
  );

describe('the export of events', () => {
  it('holds every event of the range that passes the filters, oldest first, and disarms formulas', async () => {
    const events = spread(2_345);
    await storeUsageEvents(client, events);
    const { status, headers, text } = await app.call('GET', `/usage/export.csv?${range}`);
    expect(status).toBe(200);
    expect(headers['content-type']).toMatch(/^text\/csv/);
    expect(headers['content-disposition']).toBe('attachment; filename="usage-2026-06-14-2026-06-17.csv"');
    const rows = rowsOf(text);
    expect(rows.map(({ id }) => id)).toEqual(events.map(({ id }) => id));
    expect(rows[1]).toMatchObject({
      occurredAt: events[1]!.occurredAt,
      user: "'=cmd|calc",
      key: 'app-1',
      costMicroUsd: '13',
      inputTokens: '2',
      stream: 'false',
    });
    expect(rows[0]).toMatchObject({ user: 'user "0"', costMicroUsd: '', cacheWriteTokens: '1' });
    const filtered = rowsOf((await app.call('GET', `/usage/export.csv?${range}&key=app-2&outcome=failed`)).text);
    const expected = events.filter(({ virtualKeyName, outcome }) => virtualKeyName === 'app-2' && outcome === 'failed');
    expect(filtered.map(({ id }) => id)).toEqual(expected.map(({ id }) => id));
  });

  it('ends with the client, and gives its place and its connection back', async () => {
    await storeUsageEvents(
      client,
      Array.from({ length: 30_000 }, () => someEvent()),
    );
    const server = app.nest.getHttpServer() as http.Server;
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const connections = async () =>
      Number(
        (
          await client.$queryRaw<
            { count: bigint }[]
          >`SELECT count(*) AS count FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'FETCH%'`
        )[0]?.count,
      );
    for (let round = 0; round < 6; round += 1) {
      await new Promise<void>((resolve, reject) => {
        const options = {
          port,
          path: `/api/v1/usage/export.csv?${range}`,
          headers: { authorization: `Bearer ${app.adminToken}` },
        };
        const request = http.get(options, (response) => {
          if (response.statusCode !== 200) return reject(new Error(`answered ${response.statusCode}`));
          response.once('data', () => {
            request.destroy();
            resolve();
          });
        });
        request.on('error', () => undefined); // it was ours
      });
      await waitUntil('the export to be given up', async () => (await connections()) === 0);
    }
    expect((await app.call('GET', `/usage/export.csv?${range}`)).status).toBe(200);
  });

  it('asks for a login, and tells what is wrong with a query', async () => {
    expect((await app.call('GET', `/usage/export.csv?${range}`, { token: null })).status).toBe(401);
    expect((await app.call('GET', '/usage/export.csv?from=yesterday')).status).toBe(400);
  });
});

describe('the FOCUS export', () => {
  const micro = (usd: string) => Number(usd.replace('.', ''));
  it('costs what the summary says to the micro-USD, by hour and by day, and flags what has no known cost', async () => {
    await storeUsageEvents(client, spread(1_500));
    for (const query of [
      range,
      `${range}&interval=hour&timeZone=Asia/Kathmandu`,
      `${range}&key=app-1&timeZone=Europe/Berlin`,
    ]) {
      const { status, text } = await app.call('GET', `/usage/focus.csv?${query}`);
      expect(status).toBe(200);
      const rows = rowsOf(text);
      const summaryQuery = query.replace('&interval=hour', '');
      const { total } = (await app.call('GET', `/usage/summary?${summaryQuery}`)).body;
      expect(rows.reduce((sum, row) => sum + micro(row['BilledCost']!), 0)).toBe(total.costMicroUsd);
      const tokens = rows
        .filter((row) => row['ConsumedUnit'] === 'Tokens')
        .reduce((sum, row) => sum + Number(row['ConsumedQuantity']), 0);
      expect(tokens).toBe(total.inputTokens + total.outputTokens);
      const unknown = rows.filter((row) => row['x_CostUnknown'] === 'true');
      expect(unknown.length).toBeGreaterThan(0);
      expect(rows.every((row) => (row['BilledCost'] === '') === (row['x_CostUnknown'] === 'true'))).toBe(true);
    }
  });

  it('says whose charge it is, and in which hour or day of the time zone', async () => {
    await storeUsageEvents(client, [
      someEvent({ occurredAt: '2026-06-14T22:30:00.000Z', userTag: 'eve', costMicroUsd: 1_234_567 }),
    ]);
    const { text } = await app.call('GET', `/usage/focus.csv?${range}&timeZone=Europe/Berlin`);
    const rows = rowsOf(text);
    expect(rows.map((row) => [row['SkuMeter'], row['ConsumedQuantity']])).toEqual([
      ['input', '6'],
      ['cached-input', '4'],
      ['output', '3'],
      ['reasoning', '2'],
    ]);
    expect(rows[0]).toMatchObject({
      BillingPeriodStart: '2026-05-31T22:00:00Z',
      BillingPeriodEnd: '2026-06-30T22:00:00Z',
      ChargePeriodStart: '2026-06-14T22:00:00Z',
      ChargePeriodEnd: '2026-06-15T22:00:00Z',
      BillingCurrency: 'USD',
      ServiceCategory: 'AI and Machine Learning',
      ProviderName: 'lab',
      SubAccountName: 'team',
      ResourceName: 'app',
      Tags: '{"proxy":"shop","user":"eve"}',
    });
    expect(rows.reduce((sum, row) => sum + micro(row['BilledCost']!), 0)).toBe(1_234_567);
  });
});

describe('the list of events', () => {
  it('shows each event once over all pages, also while others come in, and filters', async () => {
    const same = Array.from({ length: 40 }, () => someEvent({ userTag: 'eve' }));
    const events = [...spread(60), ...same];
    await storeUsageEvents(client, events);
    const seen: string[] = [];
    let cursor = '';
    do {
      const { body } = await app.call('GET', `/usage/events?limit=9&${range}${cursor && `&cursor=${cursor}`}`);
      seen.push(...body.items.map(({ id }: { id: string }) => id));
      cursor = body.nextCursor ?? '';
      await storeUsageEvents(client, [someEvent({ occurredAt: '2026-06-16T23:00:00.000Z' })]);
    } while (cursor !== '');
    expect(seen).toHaveLength(new Set(seen).size);
    expect(new Set(seen)).toEqual(new Set(events.map(({ id }) => id)));
    expect((await app.call('GET', `/usage/events?${range}&user=eve&limit=1`)).body).toMatchObject({ total: 40 });
    const failed = (await app.call('GET', `/usage/events?${range}&outcome=failed&key=app-0`)).body;
    expect(
      failed.items.every(
        ({ outcome, virtualKeyName }: { outcome: string; virtualKeyName: string }) =>
          outcome === 'failed' && virtualKeyName === 'app-0',
      ),
    ).toBe(true);
    expect(failed.total).toBe(5);
  });

  it('gives back an event as it came, with every kind of token', async () => {
    const usage = {
      inputTokens: 9,
      outputTokens: 8,
      cachedInputTokens: 7,
      reasoningTokens: 6,
      cacheWriteTokens: 5,
      longCacheWriteTokens: 4,
      audioInputTokens: 3,
      audioOutputTokens: 2,
      imageInputTokens: 1,
      imageOutputTokens: 1,
    };
    const event = someEvent({ usage, userTag: 'eve', modelId: 'm' });
    await storeUsageEvents(client, [event]);
    expect((await app.call('GET', `/usage/events?${range}`)).body.items).toEqual([event]);
  });

  it('counts up to ten thousand', async () => {
    for (let round = 0; round < 3; round += 1)
      await storeUsageEvents(
        client,
        Array.from({ length: 4_000 }, () => someEvent()),
      );
    expect((await app.call('GET', `/usage/events?${range}&limit=1`)).body.total).toBe(10_000);
  });
});
