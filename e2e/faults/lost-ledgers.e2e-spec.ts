import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { redisNames } from '@penstock/contracts';
import { waitUntil } from '@penstock/testing';
import { Redis } from 'ioredis';
import { type FaultStack, startFaultStack } from '../support/fault-stack.ts';
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

const seeded = async (): Promise<boolean> => (await redis.exists(redisNames.ledgersSeeded(ORGANIZATION_ID))) === 1;

describe('When Redis loses all of its data', () => {
  it('budgets are what they were within seconds, and one that was used up admits nothing at any time', async () => {
    const [exhausted, half] = [await budgetOf(150), await budgetOf(1_000)];
    let requests = 0;
    for (let status = 200; status === 200; requests += status === 200 ? 1 : 0)
      status = (await spend(exhausted.client)).status;
    for (let sent = 0; sent < 5; sent++) expect((await spend(half.client)).status).toBe(200);
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
    console.log(`ledgers written back ${tookMs} ms after FLUSHALL; answers meanwhile: ${[...statuses].join(', ')}`);
  });
});
