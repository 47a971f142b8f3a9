import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { freePort, waitUntil } from '@penstock/testing';
import { GatewayProcess } from './support/gateway-process.ts';
import { GatewayWorld } from './support/gateway-world.ts';
import { usageEvents, usageOf } from './support/usage-stream.ts';

let world: GatewayWorld;

beforeEach(async () => {
  world = await GatewayWorld.create();
});

afterEach(async () => {
  await world?.dispose();
});

describe('a gateway that dies', () => {
  it('has told of its streams: the usage is presumed when it starts again', async () => {
    await world.start();
    expect((await world.ask(world.key, { 'x-request-id': 'done' })).status).toBe(200);
    const { response } = await world.openStream('killed');
    await world.gateway.end('SIGKILL');
    await response.text().catch(() => 'broken');
    await world.gateway.start();
    expect(await usageOf(world.redis.url, 'killed')).toMatchObject({
      outcome: 'presumed',
      usageSource: 'presumed',
      virtualKeyName: 'app',
    });
    expect(await usageOf(world.redis.url, 'done')).toMatchObject({ outcome: 'completed', usageSource: 'reported' });
  });
});

describe('SIGTERM', () => {
  it('lets a stream finish, takes no more requests, and ends with 0', async () => {
    await world.start({ PENSTOCK_DRAIN_DELAY_MS: '100' });
    const { response, finish } = await world.openStream('draining');
    const ended = world.gateway.end('SIGTERM');
    await waitUntil(
      'readiness to go',
      async () => (await fetch(`${world.gateway.operationsUrl}/ready`)).status === 503,
    );
    await waitUntil('new connections to be refused', () =>
      world.ask().then(
        () => false,
        () => true,
      ),
    );
    finish();
    expect(await response.text()).toContain('[DONE]');
    expect(await ended).toBe(0);
    const events = await usageEvents(world.redis.url);
    expect(events.find(({ requestId }) => requestId === 'draining')).toMatchObject({ outcome: 'completed' });
  });

  it('stops what takes too long with an error frame', async () => {
    await world.start({ PENSTOCK_DRAIN_TIMEOUT_MS: '200' });
    const { response } = await world.openStream('too-long');
    const ended = world.gateway.end('SIGTERM');
    const text = await response.text();
    expect(text).toContain('"code":"overloaded"');
    expect(text).not.toContain('[DONE]');
    expect(await ended).toBe(0);
    expect((await usageEvents(world.redis.url)).find(({ requestId }) => requestId === 'too-long')).toMatchObject({
      outcome: 'failed',
    });
  });
});

describe('too much to do', () => {
  it('is answered at once, with a time to come back', async () => {
    await world.start({ PENSTOCK_MAX_IN_FLIGHT: '1' });
    const { response, finish } = await world.openStream('busy');
    const shed = await world.ask();
    expect([shed.status, shed.headers.get('retry-after')]).toEqual([503, '1']);
    expect(await shed.json()).toMatchObject({ error: { code: 'overloaded' } });
    expect((await fetch(`${world.gateway.url}/health`)).status).toBe(200);
    finish();
    await response.text();
  });
});

describe('GATEWAY_WORKERS', () => {
  it('share one port, speak with one voice, come back and end together', async () => {
    await world.start({ GATEWAY_WORKERS: '2' });
    const before = world.upstream.received.length;
    await Promise.all(Array.from({ length: 40 }, async () => (await world.ask()).text()));
    expect(world.upstream.received.length - before).toBe(40);
    const line =
      'penstock_requests_total{route="/v1/chat/completions",method="POST",status="200",provider="lab",proxy="root"}';
    expect(await world.gateway.metric(line)).toBe(40);
    const pids = () => [
      ...new Set([...world.gateway.output.matchAll(/"pid":(\d+)[^\n]*"listening"/g)].map(([, pid]) => Number(pid))),
    ];
    // One of them being ready makes the gateway ready.
    await waitUntil('both workers to listen', () => pids().length === 2);
    process.kill(pids()[0] ?? 0, 'SIGKILL');
    await waitUntil('the worker to be back', () => pids().length === 3);
    expect((await world.ask()).status).toBe(200);
    expect(await world.gateway.end('SIGTERM')).toBe(0);
    await expect(world.ask()).rejects.toThrow();
  });
});

describe('a port that is taken', () => {
  it('is one clear sentence', async () => {
    await world.start();
    const port = String(world.gateway.port);
    const other = GatewayProcess.start({
      REDIS_URL: world.redis.url,
      PENSTOCK_GATEWAY_PORT: port,
      PENSTOCK_GATEWAY_OPERATIONS_PORT: String(await freePort()),
    });
    await expect(other).rejects.toThrow(/is already in use/);
  });
});
