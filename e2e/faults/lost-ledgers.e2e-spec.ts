import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { redisNames } from '@penstock/contracts';
import { waitUntil } from '@penstock/testing';
import { Redis } from 'ioredis';
import { type FaultStack, startFaultStack } from '../support/fault-stack.ts';
import type { GatewayClient } from '../support/gateway-client.ts';
import { createCaller, createScenario, type Scenario } from '../support/scenario.ts';
import { priceModel, spend, usedOf } from '../support/spending-key.ts';
import { openSimulated, type UpstreamUnderTest } from '../support/upstream-under-test.ts';
import { usageWhenComplete } from '../support/usage-of-key.ts';

const ORGANIZATION_ID = '00000000-0000-7000-8000-000000000001';
let upstream: UpstreamUnderTest;
let stack: FaultStack;
let scenario: Scenario;
let redis: Redis;

beforeAll(async () => {
  upstream = await openSimulated();
  stack = await startFaultStack();
  scenario = await createScenario({ admin: stack.admin, gateway: stack.gatewayUrl, upstream });
  await priceModel(stack.admin, scenario.providerName, upstream.chatModel);
  redis = new Redis(stack.redis.url);
});
afterAll(async () => {
  redis?.disconnect();
  await stack?.stop();
  await upstream?.stop();
});

async function budgetOf(max: number) {
  const limits = [{ unit: 'cost', window: 'month', max }];
  const { client, keyName } = await createCaller({ admin: stack.admin, baseUrl: scenario.baseUrl }, { limits });
  return { client, keyName, used: () => usedOf(stack.admin, keyName, 'cost') };
}

/** Spends until nothing more is admitted, also when the request before it is settled; returns how many requests were. */
async function exhaust(client: GatewayClient): Promise<number> {
  let [admitted, refused] = [0, 0];
  while (refused < 3) {
    const { status } = await spend(client);
    if (status === 200) [admitted, refused] = [admitted + 1, 0];
    else {
      refused += 1;
      await sleep(200);
    }
  }
  return admitted;
}

const seeded = async (): Promise<boolean> => (await redis.exists(redisNames.ledgersSeeded(ORGANIZATION_ID))) === 1;

describe('When Redis loses all of its data', () => {
  it('budgets are what they were within seconds, and one that was used up admits nothing at any time', async () => {
    const [exhausted, half] = [await budgetOf(600), await budgetOf(5_000)];
    const requests = await exhaust(exhausted.client);
    for (let sent = 0; sent < 5; sent++) expect((await spend(half.client)).status).toBe(200);
    expect(requests).toBeGreaterThan(0);
    await usageWhenComplete(stack.admin, exhausted.keyName, { requests, timeoutMs: 20_000 });
    await usageWhenComplete(stack.admin, half.keyName, { requests: 5, timeoutMs: 20_000 });
    const before = { exhausted: await exhausted.used(), half: await half.used() };
    expect(before.half).toBeGreaterThan(0);

    await redis.flushall();
    const startedAt = performance.now();
    const statuses = new Set<number>();
    while (!(await seeded())) {
      statuses.add((await spend(exhausted.client)).status);
      expect(performance.now() - startedAt).toBeLessThan(15_000);
      await sleep(50);
    }
    const tookMs = Math.round(performance.now() - startedAt);
    statuses.add((await spend(exhausted.client)).status);
    expect(statuses.has(200)).toBe(false);
    expect({ exhausted: await exhausted.used(), half: await half.used() }).toEqual(before);
    expect((await spend(half.client)).status).toBe(200);
    await waitUntil('the ledger to go on', async () => (await half.used()) > before.half);
    process.stdout.write(`ledgers written back ${tookMs} ms after FLUSHALL; meanwhile: ${[...statuses].join(', ')}\n`);
  });
});
