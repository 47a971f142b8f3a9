import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Alert, AlertTest } from '@penstock/contracts';
import { waitUntil } from '@penstock/testing';
import { openPlatform } from '../support/platform.ts';
import { createCaller, createScenario, type Scenario, uniqueName } from '../support/scenario.ts';
import { priceModel, spend } from '../support/spending-key.ts';
import { openUpstream } from '../support/upstream-under-test.ts';
import { startWebhookReceiver, type WebhookReceiver } from '../support/webhook-receiver.ts';

const upstream = await openUpstream();
const { admin, ready } = openPlatform();
const channel = uniqueName('channel');
let scenario: Scenario;
let receiver: WebhookReceiver;

beforeAll(async () => {
  receiver = await startWebhookReceiver();
  scenario = await createScenario({ admin, gateway: ready.gateway, upstream });
  await priceModel(admin, scenario.providerName, upstream.chatModel);
  const spec = { type: 'webhook', url: receiver.url, kinds: ['limit-threshold'] };
  const { status } = await admin.post<{ status: { signingSecret: string } }>('/alert-channels', {
    metadata: { name: channel },
    spec,
  });
  receiver.trust(status.signingSecret);
});
afterAll(async () => {
  await admin.patch(`/alert-channels/${channel}`, { spec: { enabled: false } });
  await receiver.stop();
  await upstream.stop();
});

/** Percents of the thresholds that the receiver was told of a key, in their order. */
const toldOf = (key: string) =>
  receiver.verified
    .filter(({ message }) => message.data.subject === `VirtualKey ${key}`)
    .map(({ message }) => message.data.limit?.thresholdPercent);

describe('An alert channel', () => {
  it('can be tried out', async () => {
    expect(await admin.post<AlertTest>(`/alert-channels/${channel}/test`)).toMatchObject({ ok: true, reason: null });
    expect(receiver.verified.at(-1)?.message).toMatchObject({ type: 'alert.test' });
  });

  it.each([
    { limit: { unit: 'cost', window: 'month', max: 200, mode: 'shadow' }, amountOf: (cost: number) => cost, end: 200 },
    { limit: { unit: 'requests', window: 'day', max: 4 }, amountOf: () => 1, end: 429 },
  ])('gets one signed message for each threshold of $limit.unit', async ({ limit, amountOf, end }) => {
    const limits = [{ ...limit, alertThresholds: [50, 100] }];
    const { client, keyName } = await createCaller({ admin, baseUrl: scenario.baseUrl }, { limits });
    let spent = 0;
    const spendUpTo = async (amount: number): Promise<void> => {
      while (spent < amount) {
        const { status, cost } = await spend(client);
        expect(status).toBe(200);
        spent += amountOf(cost);
      }
    };
    await spendUpTo(limit.max / 2);
    expect(spent).toBeLessThan(limit.max);
    await waitUntil('the first alert', () => toldOf(keyName).length === 1, { timeoutMs: 20_000 });
    await spendUpTo(limit.max);
    await waitUntil('the second alert', () => toldOf(keyName).length === 2, { timeoutMs: 20_000 });
    expect((await spend(client)).status).toBe(end);
    await sleep(6_000); // one more look of the worker
    expect(toldOf(keyName)).toEqual([50, 100]);
    expect(receiver.refused).toBe(0);
    const { items } = await admin.get<{ items: Alert[] }>('/alerts?kind=limit-threshold&limit=50');
    const own = items.filter(({ subject }) => subject === `VirtualKey ${keyName}`);
    expect(own.map(({ limit: told }) => told?.thresholdPercent)).toEqual([100, 50]);
    expect(own[0]?.deliveries).toMatchObject([{ channel, state: 'delivered', attempts: 1 }]);
  });
});
