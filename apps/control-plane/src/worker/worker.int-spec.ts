import { randomUUIDv7 } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type GatewayHeartbeat, redisNames } from '@penstock/contracts';
import { createLogger } from '@penstock/telemetry';
import { Redis } from 'ioredis';
import { DEFAULT_ORGANIZATION_ID } from '../common/organization.ts';
import { readConfig } from '../config/env.ts';
import { PrismaService } from '../prisma/prisma.service.ts';
import { startTestApp, TEST_MASTER_KEY, type TestApp } from '../testing/test-app.ts';
import { startWorker, type Worker } from './start-worker.ts';

const redis = new Redis(process.env['REDIS_URL'] ?? 'missing', { lazyConnect: true });
let app: TestApp;
let worker: Worker;
beforeAll(async () => {
  await redis.connect();
  app = await startTestApp();
  const now = new Date().toISOString();
  const heartbeat: GatewayHeartbeat = {
    instanceId: 'gateway-1',
    hostname: 'host',
    pid: 1,
    version: '0.1.0',
    startedAt: now,
    sentAt: now,
    appliedRevision: 1,
    appliedChecksum: 'x',
    appliedAt: now,
    refusal: null,
    quarantined: [],
    inFlight: 3,
    limiterDegraded: false,
    spooledEvents: 0,
    oldestSpooledAt: null,
    ledgerReseed: null,
    draining: false,
  };
  await redis.zadd(redisNames.gatewayInstances, Date.now(), 'gateway-1');
  await redis.set(redisNames.gatewayHeartbeat('gateway-1'), JSON.stringify(heartbeat));
  const config = readConfig({
    ...process.env,
    PENSTOCK_MASTER_KEY: TEST_MASTER_KEY,
    PENSTOCK_WORKER_OPERATIONS_PORT: '0',
  });
  worker = await startWorker({ config, logger: createLogger({ name: 'worker', level: 'silent' }) });
});
afterAll(async () => {
  await worker.stop();
  await app.stop();
  redis.disconnect();
});

async function until<Value>(read: () => Promise<Value>, done: (value: Value) => boolean): Promise<Value> {
  const deadline = Date.now() + 10_000;
  for (;;) {
    const value = await read();
    if (done(value) || Date.now() > deadline) return value;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

const usageEvent = (id: string) => ({
  id,
  organizationId: DEFAULT_ORGANIZATION_ID,
  gatewayInstanceId: 'gateway-1',
  requestId: 'r',
  occurredAt: new Date().toISOString(),
  virtualKeyId: null,
  virtualKeyName: 'streamed',
  teamId: null,
  teamName: null,
  proxyId: null,
  proxyName: null,
  providerId: null,
  providerName: null,
  requestedModel: 'm',
  upstreamModel: 'm',
  dialect: 'openai-chat',
  operation: 'chat',
  stream: true,
  outcome: 'completed',
  httpStatus: 200,
  errorCode: null,
  attempts: 1,
  usage: { inputTokens: 3, outputTokens: 4, cachedInputTokens: 0, reasoningTokens: 0 },
  usageSource: 'reported',
  costMicroUsd: 5,
  priceVersion: null,
  firstTokenMs: 1,
  durationMs: 2,
});

describe('the worker', () => {
  it('brings the stream to the reports within five seconds, each event once, and buries what is none', async () => {
    const ids = Array.from({ length: 30 }, () => randomUUIDv7());
    const startedAt = Date.now();
    for (const id of [...ids, ...ids.slice(0, 10)]) {
      await redis.xadd(redisNames.usageStream, '*', 'event', JSON.stringify(usageEvent(id)));
    }
    await redis.xadd(redisNames.usageStream, '*', 'event', 'no event');
    const total = async () => (await app.call('GET', '/usage/summary?key=streamed')).body.total;
    const sums = await until(total, ({ requests }) => requests >= 30);
    expect(sums).toMatchObject({ requests: 30, inputTokens: 90, outputTokens: 120, costMicroUsd: 150 });
    expect(Date.now() - startedAt).toBeLessThan(5_000);
    expect(
      await until(
        () => redis.xlen(redisNames.usageDeadLetters),
        (count) => count === 1,
      ),
    ).toBe(1);
  });

  it('makes partitions ahead', async () => {
    const { client } = app.nest.get(PrismaService);
    const today = new Date().toISOString().slice(0, 10).replaceAll('-', '');
    const exists = async () =>
      (
        await client.$queryRaw<{ found: boolean }[]>`SELECT to_regclass(${`usage_event_${today}`}) IS NOT NULL AS found`
      )[0]?.found;
    expect(await until(exists, (found) => found === true)).toBe(true);
  });

  it('writes down gateways, which are shown as lost when they fall silent', async () => {
    const { client } = app.nest.get(PrismaService);
    await until(
      () => client.gatewayInstance.count(),
      (count) => count === 1,
    );
    const list = async () => (await app.call('GET', '/gateway-instances')).body.items;
    expect(await list()).toMatchObject([{ instanceId: 'gateway-1', state: 'live', current: true, inFlight: 3 }]);
    await redis.del(redisNames.gatewayInstances, redisNames.gatewayHeartbeat('gateway-1'));
    const old = { sentAt: new Date(Date.now() - 60_000).toISOString() };
    const [row] = await client.gatewayInstance.findMany();
    await client.gatewayInstance.update({
      where: { id: 'gateway-1' },
      data: { heartbeat: { ...(row!.heartbeat as object), ...old } },
    });
    expect(await list()).toMatchObject([{ instanceId: 'gateway-1', state: 'lost' }]);
  });
});
