import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { waitUntil } from '@penstock/testing';
import { GatewayProcess } from './support/gateway-process.ts';
import { GatewayWorld } from './support/gateway-world.ts';
import { usageOf } from './support/usage-stream.ts';

let world: GatewayWorld;

beforeEach(async () => {
  world = await GatewayWorld.create();
});

afterEach(async () => {
  await world?.dispose();
});

describe('without Redis', () => {
  it('traffic goes on with local limits, and usage arrives when Redis is back', async () => {
    await world.start();
    expect((await world.ask(world.limitedKey)).status).toBe(200);
    await world.redis.stop();
    const statuses: number[] = [];
    for (let index = 0; index < 12; index += 1)
      statuses.push((await world.ask(world.limitedKey, { 'x-request-id': `away-${index}` })).status);
    expect(statuses.slice(0, 5)).toEqual([200, 200, 200, 200, 200]);
    expect(statuses.at(-1)).toBe(429);
    expect((await world.ask()).status).toBe(200);
    expect(await world.gateway.metric('penstock_limiter_degraded')).toBe(1);
    expect(await world.gateway.metric('penstock_degraded_admissions_total{unit="requests"}')).toBeGreaterThan(0);
    await world.redis.start();
    await usageOf(world.redis.url, 'away-0');
    await waitUntil(
      'Redis to decide again',
      async () => (await world.gateway.metric('penstock_limiter_degraded')) === 0,
      {
        timeoutMs: 12_000,
      },
    );
    expect(await world.gateway.metric('penstock_usage_dropped_total')).toBe(0);
  });

  it('a gateway starts with its last known good config', async () => {
    await world.start();
    await waitUntil('the snapshot on disk', () => readdirSync(world.gateway.dataDirectory).includes('snapshot.json'));
    await world.gateway.end('SIGTERM');
    await world.redis.stop();
    await world.gateway.start();
    expect((await world.ask()).status).toBe(200);
  });
});

describe('with no Redis at all', () => {
  it('a gateway serves, and keeps no account of keys', async () => {
    const first = await world.start();
    await waitUntil('the snapshot on disk', () => readdirSync(first.dataDirectory).includes('snapshot.json'));
    await first.end('SIGTERM');
    const alone = await GatewayProcess.start({ PENSTOCK_DATA_DIR: first.dataDirectory });
    try {
      const body = { model: 'm', messages: [{ role: 'user', content: 'hi' }] };
      expect((await alone.post('/v1/chat/completions', world.key, body)).status).toBe(200);
      for (const pathname of ['/v1/limits', '/v1/usage']) {
        const response = await alone.get(pathname, world.key);
        expect([response.status, await response.text()]).toEqual([404, expect.stringContaining('without Redis')]);
      }
    } finally {
      await alone.end('SIGKILL');
    }
  });
});

describe('a new config', () => {
  it('takes a revoked key out of service within a second', async () => {
    await world.start();
    expect((await world.ask()).status).toBe(200);
    // The first look at the config takes long, and the gateway rests after a long look.
    await delay(1000);
    world.config.revokeKey('app');
    await world.config.publish(world.redis.url);
    const publishedAt = Date.now();
    await waitUntil('the key to be refused', async () => (await world.ask()).status === 401, { timeoutMs: 1000 });
    expect(Date.now() - publishedAt).toBeLessThan(1000);
    expect(await world.gateway.metric('penstock_config_revision')).toBe(2);
  });

  it('may be large, and then takes effect and is kept as well', async () => {
    for (let index = 0; index < 3_000; index += 1) world.config.key(`key-${index}`);
    await world.start();
    expect((await world.ask()).status).toBe(200);
    const added = world.config.key('added');
    world.config.revokeKey('app');
    await world.config.publish(world.redis.url);
    await waitUntil('the new key', async () => (await world.ask(added)).status === 200, { timeoutMs: 5_000 });
    expect((await world.ask()).status).toBe(401);
    const kept = () => readFileSync(path.join(world.gateway.dataDirectory, 'snapshot.json'), 'utf8');
    await waitUntil('the snapshot on disk', () => kept().startsWith('{"revision":2,'));
    await world.gateway.end('SIGTERM');
    await world.redis.stop();
    await world.gateway.start();
    expect((await world.ask(added)).status).toBe(200);
  });

  it('does not disturb a stream that runs', async () => {
    await world.start();
    const { response, finish } = await world.openStream('across');
    world.config.revokeKey('app');
    await world.config.publish(world.redis.url);
    await waitUntil('the new config', async () => (await world.gateway.metric('penstock_config_revision')) === 2);
    finish();
    expect(await response.text()).toContain('[DONE]');
  });
});
