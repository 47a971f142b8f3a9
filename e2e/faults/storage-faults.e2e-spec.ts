import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { waitUntil } from '@penstock/testing';
import { type FaultStack, startFaultStack } from '../support/fault-stack.ts';
import type { ReportedUsage } from '../support/gateway-client.ts';
import { createScenario, type Scenario } from '../support/scenario.ts';
import { openSimulated, type UpstreamUnderTest } from '../support/upstream-under-test.ts';
import { usageWhenComplete } from '../support/usage-of-key.ts';

let upstream: UpstreamUnderTest;
let stack: FaultStack;
let scenario: Scenario;

beforeAll(async () => {
  upstream = await openSimulated();
  stack = await startFaultStack();
  const limits = [{ unit: 'requests', window: 'minute', max: 6_000 }];
  scenario = await createScenario({ admin: stack.admin, gateway: stack.gatewayUrl, upstream, limits });
});
afterAll(async () => {
  await stack?.stop();
  await upstream?.stop();
});

/** Sends some chats, which must all succeed, and returns what they used. */
async function chats(count: number): Promise<ReportedUsage[]> {
  const used: ReportedUsage[] = [];
  for (let sent = 0; sent < count; sent++) used.push((await scenario.client.complete(`Chat ${sent}`)).usage);
  return used;
}

/** The usage of the scenario's key must be all that the upstream ever did, to the token. */
async function expectUsageToEqualTheLedger(): Promise<void> {
  const { requests, inputTokens, outputTokens } = upstream.simulation!.truth();
  const usage = await usageWhenComplete(stack.admin, scenario.keyName, { requests, timeoutMs: 20_000 });
  expect(usage).toMatchObject({ requests, inputTokens, outputTokens });
  expect(await stack.metric('penstock_usage_dropped_total')).toBe(0);
}

describe('While Postgres is down', () => {
  it('traffic goes on, and usage arrives later, complete', async () => {
    await chats(2);
    await stack.postgres.cut();
    await chats(3);
    await expect(stack.admin.usageOfKey(scenario.keyName)).rejects.toThrow();
    await stack.postgres.restore();
    await waitUntil('the control plane to answer again', () => stack.admin.usageOfKey(scenario.keyName), {
      timeoutMs: 15_000,
    });
    await expectUsageToEqualTheLedger();
  });
});

describe('While Redis is down', () => {
  it('traffic goes on with local limits, and the metric says so until it is back, be it empty', async () => {
    expect(await stack.metric('penstock_limiter_degraded')).toBe(0);
    await stack.redis.kill9();
    await chats(3);
    const isDegraded = async (): Promise<boolean> => {
      await chats(1);
      return (await stack.metric('penstock_limiter_degraded')) === 1;
    };
    await waitUntil('the limiter to be degraded', isDegraded);
    await stack.redis.start();
    const isRecovered = async (): Promise<boolean> => {
      await chats(1);
      return (await stack.metric('penstock_limiter_degraded')) === 0;
    };
    await waitUntil('the limiter to recover', isRecovered, { timeoutMs: 15_000, intervalMs: 100 });
    await expectUsageToEqualTheLedger();
  });

  it('limits hold all the same', async () => {
    const other = await openSimulated();
    const limits = [{ unit: 'requests', window: 'minute', max: 3 }];
    const { client } = await createScenario({ admin: stack.admin, gateway: stack.gatewayUrl, upstream: other, limits });
    await stack.redis.kill9();
    const statuses: number[] = [];
    for (let sent = 0; sent < 5; sent++) {
      const response = await client.chat('Hello');
      await response.arrayBuffer();
      statuses.push(response.status);
    }
    await stack.redis.start();
    await other.stop();
    expect(statuses).toEqual([200, 200, 200, 429, 429]);
  });

  it('a gateway that starts serves the last configuration that it knew', async () => {
    await stack.redis.kill9();
    await stack.controlPlane.stop();
    await stack.gateway.stop();
    await stack.gateway.start();
    await waitUntil('the gateway to serve', async () => (await scenario.client.get('/models')).status === 200);
    await chats(1);
    await stack.redis.start();
    await stack.controlPlane.start();
    await expectUsageToEqualTheLedger();
  });
});
