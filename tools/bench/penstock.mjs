// The gateway as it runs in production: snapshot from Redis, 100 keys of 1,000, spool on disk, usage shipped, metrics on.
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { RedisSnapshotPublisher, sealSnapshot } from '@penstock/config-sync';
import { createVirtualKey, deriveKeys, hashVirtualKey, sealCredential } from '@penstock/secrets';
import { Redis } from 'ioredis';
import { stopChild } from '../services/child.mjs';
import { freePort, waitForPort } from '../services/ports.mjs';
import { redisBinary } from '../services/redis-binary.mjs';
import { startRedis } from '../services/redis.mjs';
import { launch } from './targets.mjs';

const organizationId = '00000000-0000-4000-8000-000000000001';
const keyCount = 1000;
const keysInUse = 100;

/** `limits`: a request and a token limit on every key, so that each request makes its one round trip to Redis. */
export async function penstock({ directory, say, limits }) {
  const name = limits ? 'penstock, limits' : 'penstock';
  const home = path.join(directory, limits ? 'penstock-limits' : 'penstock');
  fs.rmSync(home, { recursive: true, force: true });
  fs.mkdirSync(home, { recursive: true });
  const [port, operationsPort, upstreamPort] = [await freePort(), await freePort(), await freePort()];
  const redis = await startRedis({ binary: redisBinary({ cacheDir: directory, say }) });
  const masterKey = crypto.randomBytes(32).toString('base64');
  const keys = await publish(redis.url, { masterKey, upstreamPort, limits });
  const keyFile = path.join(home, 'keys');
  fs.writeFileSync(keyFile, keys.slice(0, keysInUse).join('\n'));
  const env = {
    ...process.env,
    REDIS_URL: redis.url,
    PENSTOCK_MASTER_KEY: masterKey,
    PENSTOCK_DATA_DIR: home,
    PENSTOCK_GATEWAY_PORT: String(port),
    PENSTOCK_GATEWAY_OPERATIONS_PORT: String(operationsPort),
    PENSTOCK_UPSTREAM_ALLOW_CIDRS: '127.0.0.0/8',
    PENSTOCK_MAX_IN_FLIGHT: '100000',
    LOG_LEVEL: 'warn',
  };
  const child = launch(process.execPath, ['apps/gateway/src/main.ts'], path.join(home, 'out.log'), env);
  await waitForPort(port, { child, owner: 'the gateway' });
  const stop = async () => {
    await stopChild(child);
    await redis.stop();
  };
  return { name, port, upstreamPort, keys: keyFile, pids: () => [child.pid], redisPid: redis.child.pid, stop };
}

async function publish(redisUrl, { masterKey, upstreamPort, limits }) {
  const derived = deriveKeys(masterKey);
  const created = Array.from({ length: keyCount }, () => createVirtualKey());
  const redis = new Redis(redisUrl);
  const snapshot = snapshotOf(created, derived, upstreamPort, limits);
  await new RedisSnapshotPublisher(redis).publish(sealSnapshot(snapshot, derived));
  redis.disconnect();
  return created.map(({ key }) => key);
}

const [providerId, proxyId, teamId] = [1, 2, 3].map((digit) => `00000000-0000-4000-8000-00000000010${digit}`);

function snapshotOf(created, derived, upstreamPort, limits) {
  const named = { name: 'bench', organizationId };
  const proxy = { context: '/', authentication: 'virtual-key', providers: [{ providerId, alias: 'bench' }] };
  return {
    schemaVersion: 1,
    revision: 1,
    publishedAt: new Date().toISOString(),
    providers: [{ ...named, id: providerId, ...providerOf(derived, upstreamPort), limits: [] }],
    proxies: [{ ...named, id: proxyId, ...proxy, models: [], limits: [] }],
    teams: [{ ...named, id: teamId, suspended: false, limits: [] }],
    virtualKeys: created.map(({ key }, index) => ({
      id: crypto.randomUUID(),
      name: `key-${index}`,
      organizationId,
      teamId,
      secrets: [{ hash: hashVirtualKey(key, derived.virtualKeyPepper), expiresAt: null }],
      proxies: ['*'],
      models: ['*'],
      expiresAt: null,
      ipAllowList: [],
      limits: limits ? [limitOf('requests', 100_000_000), limitOf('tokens', 100_000_000_000)] : [],
    })),
  };
}

function providerOf(derived, upstreamPort) {
  const price = {
    inputPerMillion: 150_000,
    outputPerMillion: 600_000,
    cachedInputPerMillion: 75_000,
    reasoningPerMillion: 600_000,
  };
  const sealedValue = sealCredential('Bearer upstream-secret', derived, { organizationId, providerId });
  return {
    template: 'vllm',
    dialect: 'openai-chat',
    baseUrl: `http://127.0.0.1:${upstreamPort}/v1`,
    auth: { header: 'Authorization', sealedValue },
    timeouts: { connectMs: 3000, firstByteMs: 60_000, idleMs: 60_000, totalMs: 900_000 },
    maxConnections: 10_000,
    models: [{ id: 'bench', upstreamModel: 'org/bench-model', profile: {} }],
    prices: { bench: [{ version: 'bench', ...price, effectiveFrom: null }] },
  };
}

const limitOf = (unit, max) => ({
  quota: 'bench',
  id: `bench/${unit}/minute`,
  limit: { unit, window: 'minute', max, mode: 'enforce' },
});
