import { setTimeout as delay } from 'node:timers/promises';
import { readdirSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { freePort, type PrivateRedis, startPrivateRedis, waitUntil } from '@penstock/testing';
import { GatewayProcess } from './support/gateway-process.ts';
import { answerWell, chunk, ScriptedUpstream } from './support/scripted-upstream.ts';
import { snapshotLimits, TestConfig } from './support/test-config.ts';
import { usageEvents, usageOf } from './support/usage-stream.ts';

const body = { model: 'm', messages: [{ role: 'user', content: 'hi' }] };
let redis: PrivateRedis;
let upstream: ScriptedUpstream;
let gateway: GatewayProcess;
let config: TestConfig;
let key = '';
let limitedKey = '';

beforeEach(async () => {
  [redis, upstream] = await Promise.all([startPrivateRedis({ durable: true }), ScriptedUpstream.start()]);
  config = new TestConfig();
  config.proxy('root', '/', [config.provider('lab', upstream.url)]);
  key = config.key('app');
  limitedKey = config.key('limited', {
    limits: snapshotLimits({ unit: 'requests', window: 'hour', max: 1000, burst: 5 }),
  });
  await config.publish(redis.url);
});

afterEach(async () => {
  await gateway?.dispose();
  upstream?.stop();
  await redis?.dispose();
});

const start = async (environment: NodeJS.ProcessEnv = {}) => {
  gateway = await GatewayProcess.start({ REDIS_URL: redis.url, ...environment });
};
const ask = (secret = key, headers: Record<string, string> = {}) =>
  gateway.post('/v1/chat/completions', secret, body, { headers });

/** Starts a stream that goes on until `finish` is called. */
async function openStream(requestId: string): Promise<{ response: Response; finish: () => void }> {
  const { promise, resolve } = Promise.withResolvers<void>();
  upstream.script = async (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(chunk('a'));
    await promise;
    response.write(chunk('b', 'stop'));
    response.end('data: [DONE]\n\n');
  };
  const response = await gateway.post(
    '/v1/chat/completions',
    key,
    { ...body, stream: true },
    { headers: { 'x-request-id': requestId } },
  );
  upstream.script = answerWell;
  return { response, finish: resolve };
}

describe('without Redis', () => {
  it('traffic goes on with local limits, and usage arrives when Redis is back', async () => {
    await start();
    expect((await ask(limitedKey)).status).toBe(200);
    await redis.stop();
    const statuses: number[] = [];
    for (let index = 0; index < 12; index += 1)
      statuses.push((await ask(limitedKey, { 'x-request-id': `away-${index}` })).status);
    expect(statuses.slice(0, 5)).toEqual([200, 200, 200, 200, 200]);
    expect(statuses.at(-1)).toBe(429);
    expect((await ask()).status).toBe(200);
    expect(await gateway.metric('penstock_limiter_degraded')).toBe(1);
    await redis.start();
    await usageOf(redis.url, 'away-0');
    await waitUntil('Redis to decide again', async () => (await gateway.metric('penstock_limiter_degraded')) === 0, {
      timeoutMs: 12_000,
    });
    expect(await gateway.metric('penstock_usage_dropped_total')).toBe(0);
  });

  it('a gateway starts with its last known good config', async () => {
    await start();
    await waitUntil('the snapshot on disk', () => readdirSync(gateway.dataDirectory).includes('snapshot.json'));
    await gateway.end('SIGTERM');
    await redis.stop();
    await gateway.start();
    expect((await ask()).status).toBe(200);
  });
});

describe('a new config', () => {
  it('takes a revoked key out of service within a second', async () => {
    await start();
    expect((await ask()).status).toBe(200);
    // The first look at the config takes long, and the gateway rests after a long look.
    await delay(1000);
    config.revokeKey('app');
    await config.publish(redis.url);
    const publishedAt = Date.now();
    await waitUntil('the key to be refused', async () => (await ask()).status === 401, { timeoutMs: 1000 });
    expect(Date.now() - publishedAt).toBeLessThan(1000);
    expect(await gateway.metric('penstock_config_revision')).toBe(2);
  });

  it('does not disturb a stream that runs', async () => {
    await start();
    const { response, finish } = await openStream('across');
    config.revokeKey('app');
    await config.publish(redis.url);
    await waitUntil('the new config', async () => (await gateway.metric('penstock_config_revision')) === 2);
    finish();
    expect(await response.text()).toContain('[DONE]');
  });
});

describe('a gateway that dies', () => {
  it('has told of its streams: the usage is presumed when it starts again', async () => {
    await start();
    expect((await ask(key, { 'x-request-id': 'done' })).status).toBe(200);
    const { response } = await openStream('killed');
    await gateway.end('SIGKILL');
    await response.text().catch(() => 'broken');
    await gateway.start();
    expect(await usageOf(redis.url, 'killed')).toMatchObject({
      outcome: 'presumed',
      usageSource: 'presumed',
      virtualKeyName: 'app',
    });
    expect(await usageOf(redis.url, 'done')).toMatchObject({ outcome: 'completed', usageSource: 'reported' });
  });
});

describe('SIGTERM', () => {
  it('lets a stream finish, takes no more requests, and ends with 0', async () => {
    await start({ PENSTOCK_DRAIN_DELAY_MS: '100' });
    const { response, finish } = await openStream('draining');
    const ended = gateway.end('SIGTERM');
    await waitUntil('readiness to go', async () => (await fetch(`${gateway.operationsUrl}/ready`)).status === 503);
    await waitUntil('new connections to be refused', () =>
      ask().then(
        () => false,
        () => true,
      ),
    );
    finish();
    expect(await response.text()).toContain('[DONE]');
    expect(await ended).toBe(0);
    const events = await usageEvents(redis.url);
    expect(events.find(({ requestId }) => requestId === 'draining')).toMatchObject({ outcome: 'completed' });
  });

  it('stops what takes too long with an error frame', async () => {
    await start({ PENSTOCK_DRAIN_TIMEOUT_MS: '200' });
    const { response } = await openStream('too-long');
    const ended = gateway.end('SIGTERM');
    const text = await response.text();
    expect(text).toContain('"code":"overloaded"');
    expect(text).not.toContain('[DONE]');
    expect(await ended).toBe(0);
    expect((await usageEvents(redis.url)).find(({ requestId }) => requestId === 'too-long')).toMatchObject({
      outcome: 'failed',
    });
  });
});

describe('GATEWAY_WORKERS', () => {
  it('share one port, speak with one voice, come back and end together', async () => {
    await start({ GATEWAY_WORKERS: '2' });
    const before = upstream.received.length;
    await Promise.all(Array.from({ length: 40 }, async () => (await ask()).text()));
    expect(upstream.received.length - before).toBe(40);
    const line =
      'penstock_requests_total{route="/v1/chat/completions",method="POST",status="200",provider="lab",proxy="root"}';
    expect(await gateway.metric(line)).toBe(40);
    const pids = () => [
      ...new Set([...gateway.output.matchAll(/"pid":(\d+)[^\n]*"listening"/g)].map(([, pid]) => Number(pid))),
    ];
    expect(pids()).toHaveLength(2);
    process.kill(pids()[0] ?? 0, 'SIGKILL');
    await waitUntil('the worker to be back', () => pids().length === 3);
    expect((await ask()).status).toBe(200);
    expect(await gateway.end('SIGTERM')).toBe(0);
    await expect(ask()).rejects.toThrow();
  });
});

describe('a port that is taken', () => {
  it('is one clear sentence', async () => {
    await start();
    const port = String(gateway.port);
    const other = GatewayProcess.start({
      REDIS_URL: redis.url,
      PENSTOCK_GATEWAY_PORT: port,
      PENSTOCK_GATEWAY_OPERATIONS_PORT: String(await freePort()),
    });
    await expect(other).rejects.toThrow(/is already in use/);
  });
});
