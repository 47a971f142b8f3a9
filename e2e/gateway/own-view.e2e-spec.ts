import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type KeyUsage, redisNames } from '@penstock/contracts';
import { type PrivateRedis, startPrivateRedis, waitUntil } from '@penstock/testing';
import { Redis } from 'ioredis';
import { GatewayProcess } from './support/gateway-process.ts';
import { ownLimits, whenUsed } from './support/own-limits.ts';
import { ScriptedUpstream } from './support/scripted-upstream.ts';
import { snapshotLimits, TestConfig } from './support/test-config.ts';

const ZONE = 'Asia/Kathmandu';
const keyId = randomUUID();
const messages = [{ role: 'user', content: 'hi' }];
let redis: PrivateRedis;
let upstream: ScriptedUpstream;
let gateway: GatewayProcess;
let key = '';
let otherKey = '';
let greedyKey = '';

beforeAll(async () => {
  [redis, upstream] = await Promise.all([startPrivateRedis({ durable: true }), ScriptedUpstream.start()]);
  const config = new TestConfig();
  config.organization('acme', {
    timeZone: ZONE,
    limits: snapshotLimits({ unit: 'requests', window: 'week', max: 500 }),
  });
  const limited = snapshotLimits({ unit: 'requests', window: 'minute', max: 60 });
  const models = [
    { id: 'm', upstreamModel: 'up/m', profile: {}, limits: limited },
    { id: 'secret', upstreamModel: 'up/secret', profile: {}, limits: limited },
  ];
  const lab = config.provider('lab', upstream.url, {
    models,
    limits: snapshotLimits({ unit: 'concurrency', max: 50 }),
  });
  const teamId = config.team('team', { limits: snapshotLimits({ unit: 'tokens', window: 'day', max: 1000 }) }).id;
  config.proxy('root', '/', [lab]);
  config.proxy('shop', '/shop', [lab], {
    limits: snapshotLimits({ unit: 'output-tokens', window: 'hour', max: 9000 }),
  });
  config.proxy('open', '/open', [lab], { authentication: 'none' });
  const money = { unit: 'cost', window: 'month', max: 5000, alignment: 'rolling' } as const;
  key = config.key('app', { id: keyId, teamId, models: ['m'], limits: snapshotLimits(money) });
  otherKey = config.key('other', { proxies: ['shop'] });
  greedyKey = config.key('greedy');
  await config.publish(redis.url);
  gateway = await GatewayProcess.start({ REDIS_URL: redis.url });
});

afterAll(async () => {
  await gateway?.dispose();
  upstream?.stop();
  await redis?.dispose();
});

const read = async (pathname: string, secret = key) =>
  waitUntil('an answer', async () => {
    const response = await gateway.get(pathname, secret);
    return response.status === 429 ? undefined : response;
  });

describe('GET /v1/limits', () => {
  it('shows every limit that the key meets, and what is used of it', async () => {
    const response = await gateway.post('/v1/chat/completions', key, { model: 'm', messages, max_tokens: 10 });
    expect(response.status).toBe(200);
    await whenUsed(gateway, key, 'cost', 25);
    const limits = await ownLimits(gateway, key);
    const shared = { quota: 'small', mode: 'enforce', resets_at: expect.any(String) };
    expect(limits).toEqual([
      {
        ...shared,
        subject: 'key',
        name: 'app',
        unit: 'cost',
        window: 'month',
        alignment: 'rolling',
        max: 5000,
        used: 25,
        remaining: 4975,
      },
      {
        ...shared,
        subject: 'team',
        name: 'team',
        unit: 'tokens',
        window: 'day',
        alignment: 'calendar',
        max: 1000,
        used: 18,
        remaining: 982,
      },
      {
        ...shared,
        subject: 'organization',
        name: 'acme',
        unit: 'requests',
        window: 'week',
        alignment: 'calendar',
        max: 500,
        used: 1,
        remaining: 499,
      },
      {
        ...shared,
        subject: 'provider',
        name: 'lab',
        unit: 'concurrency',
        resets_at: null,
        window: null,
        alignment: null,
        max: 50,
        used: 0,
        remaining: 50,
      },
      expect.objectContaining({
        ...shared,
        subject: 'model',
        name: 'm',
        unit: 'requests',
        window: 'minute',
        alignment: null,
        max: 60,
      }),
    ]);
  });

  it('stands without /v1 and under the context of a proxy, with its limits', async () => {
    const [plain, shop] = [await read('/limits'), await read('/shop/limits')];
    const unitsOf = async (response: Response) =>
      ((await response.json()) as { data: { subject: string }[] }).data.map(({ subject }) => subject);
    expect(await unitsOf(plain)).not.toContain('proxy');
    expect(await unitsOf(shop)).toContain('proxy');
  });

  it('is for keys alone, and for those that may use the proxy', async () => {
    const anonymous = await fetch(`${gateway.url}/open/v1/limits`);
    expect([anonymous.status, (await gateway.get('/v1/limits', 'psk_wrong')).status]).toEqual([401, 401]);
    expect((await read('/v1/limits', otherKey)).status).toBe(403);
    expect((await read('/open/v1/limits')).status).toBe(200);
  });

  it('is answered a few times a second for each key', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => gateway.get('/v1/limits', greedyKey)));
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status === 200).length).toBeLessThanOrEqual(6);
    expect(statuses).toContain(429);
    expect(answers.find(({ status }) => status === 429)?.headers.get('retry-after')).toBe('1');
    expect((await gateway.get('/shop/v1/limits', otherKey)).status).toBe(200);
  });
});

describe('GET /v1/usage', () => {
  const windowNow = (unit: 'day' | 'month') => {
    const today = Temporal.Now.zonedDateTimeISO(ZONE).startOfDay();
    const from = unit === 'day' ? today : today.with({ day: 1 });
    const to = from.add(unit === 'day' ? { days: 1 } : { months: 1 });
    const text = (time: Temporal.ZonedDateTime) => new Date(time.epochMilliseconds).toISOString();
    return { from: text(from), to: text(to) };
  };
  const sums = {
    requests: 0,
    errors: 0,
    input_tokens: 0,
    output_tokens: 0,
    cached_input_tokens: 0,
    cache_write_tokens: 0,
  };
  const nothing = { ...sums, reasoning_tokens: 0, cost_micro_usd: 0, unknown_cost_requests: 0 };

  it('is nothing, in the windows of now, before the worker wrote anything', async () => {
    const response = await read('/v1/usage');
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(await response.json()).toEqual({
      object: 'usage',
      key: 'app',
      updated_at: null,
      time_zone: ZONE,
      today: { ...windowNow('day'), ...nothing },
      month: { ...windowNow('month'), ...nothing },
    });
  });

  it('is what the worker wrote last, without the windows that are over', async () => {
    const counts = { errors: 1, inputTokens: 2, outputTokens: 3, cachedInputTokens: 4, cacheWriteTokens: 5 };
    const window = { ...counts, reasoningTokens: 6, costMicroUsd: 7, unknownCostRequests: 8 };
    const yesterday = { from: '2026-01-01T00:00:00.000Z', to: '2026-01-02T00:00:00.000Z' };
    const usage: KeyUsage = {
      updatedAt: '2026-01-01T10:00:00.000Z',
      timeZone: ZONE,
      today: { ...yesterday, requests: 9, ...window },
      month: { ...windowNow('month'), requests: 10, ...window },
    };
    const client = new Redis(redis.url);
    await client.set(redisNames.keyUsage(keyId), JSON.stringify(usage));
    client.disconnect();
    expect(await (await read('/shop/usage')).json()).toMatchObject({
      updated_at: usage.updatedAt,
      today: { ...windowNow('day'), ...nothing },
      month: {
        ...windowNow('month'),
        requests: 10,
        errors: 1,
        input_tokens: 2,
        output_tokens: 3,
        cached_input_tokens: 4,
        cache_write_tokens: 5,
        reasoning_tokens: 6,
        cost_micro_usd: 7,
        unknown_cost_requests: 8,
      },
    });
  });
});

describe('without Redis', () => {
  it('nothing is told', async () => {
    await redis.stop();
    for (const pathname of ['/v1/limits', '/v1/usage']) {
      const response = await read(pathname);
      expect([response.status, response.headers.get('retry-after')]).toEqual([503, '1']);
      expect(((await response.json()) as { error: { code: string } }).error.code).toBe('limiter_unavailable');
    }
  });
});
