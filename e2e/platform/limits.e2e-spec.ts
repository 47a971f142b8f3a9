import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { LimitStatus } from '@penstock/contracts';
import { waitUntil } from '@penstock/testing';
import { type ChatCompletion, type ChatOptions, type ErrorAnswer, GatewayClient } from '../support/gateway-client.ts';
import { openPlatform } from '../support/platform.ts';
import { createCaller, createScenario, type Scenario, uniqueName, untilAllCurrent } from '../support/scenario.ts';
import { openUpstream } from '../support/upstream-under-test.ts';

const upstream = await openUpstream();
const platform = openPlatform();
let scenario: Scenario;

beforeAll(async () => {
  scenario = await createScenario({ admin: platform.admin, gateway: platform.ready.gateway, upstream });
});
afterAll(() => upstream.stop());

/** A caller whose key has this limit. */
async function limitedClient(limit: object): Promise<GatewayClient> {
  const { baseUrl } = scenario;
  return (await createCaller({ admin: platform.admin, baseUrl }, { limits: [limit] })).client;
}

/** Statuses of answers to that many chats, one after the other. */
async function statusesOf(client: GatewayClient, count: number, options: ChatOptions = {}): Promise<number[]> {
  const statuses: number[] = [];
  for (let sent = 0; sent < count; sent++) {
    const response = await client.chat('Hello', options);
    await response.arrayBuffer();
    statuses.push(response.status);
  }
  return statuses;
}

/** Clients with keys of their own in this team. */
async function clientsOf(team: string, count: number): Promise<GatewayClient[]> {
  const clients: GatewayClient[] = [];
  for (let index = 0; index < count; index++) {
    clients.push(new GatewayClient(scenario.baseUrl, await platform.admin.createKey(uniqueName('key'), { team })));
  }
  return clients;
}

const live = async (path: string) =>
  (await platform.admin.get<{ readonly items: readonly LimitStatus[] }>(`${path}/limits`)).items;

describe('A limit', () => {
  it('of requests answers 429 with the time to wait when it is reached', async () => {
    const client = await limitedClient({ unit: 'requests', window: 'minute', max: 3 });
    const remaining: (string | null)[] = [];
    for (let sent = 0; sent < 3; sent++) {
      const response = await client.chat('Hello');
      await response.arrayBuffer();
      expect(response.status).toBe(200);
      expect(response.headers.get('x-ratelimit-limit-requests')).toBe('3');
      remaining.push(response.headers.get('x-ratelimit-remaining-requests'));
    }
    expect(remaining).toEqual(['2', '1', '0']);
    const refused = await client.chat('Hello');
    const { error } = (await refused.json()) as ErrorAnswer;
    expect(refused.status).toBe(429);
    expect(error).toMatchObject({ type: 'rate_limit_error', code: 'rate_limit_exceeded' });
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    expect(Number(refused.headers.get('retry-after'))).toBeLessThanOrEqual(60);
  });

  it('of tokens counts what the answers really used', async () => {
    const max = 200;
    const client = await limitedClient({ unit: 'tokens', window: 'minute', max });
    let served = 0;
    let refused: Response | undefined;
    // At least 5 tokens each time, so this ends.
    for (let sent = 0; sent < max / 5 && !refused; sent++) {
      const response = await client.chat('Hello', { max_tokens: 20 });
      if (response.status === 200) served += ((await response.json()) as ChatCompletion).usage.total_tokens;
      else refused = response;
    }
    expect(refused?.status).toBe(429);
    expect(Number(refused?.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    expect(served).toBeGreaterThan(max / 2);
    // The rate refills a little while we send.
    expect(served).toBeLessThanOrEqual(max * 1.2);
    await refused?.arrayBuffer();
  });

  it('of a budget of tokens a day says that waiting does not help', async () => {
    const client = await limitedClient({ unit: 'tokens', window: 'day', max: 10 });
    expect((await client.complete('Hello')).usage.total_tokens).toBeGreaterThan(10);
    const refused = await client.chat('Hello');
    const { error } = (await refused.json()) as ErrorAnswer;
    expect(refused.status).toBe(429);
    expect(error).toMatchObject({ type: 'insufficient_quota', code: 'insufficient_quota' });
    expect(refused.headers.get('x-should-retry')).toBe('false');
  });

  it('is counted in the metrics when it refuses', async () => {
    expect(await platform.metric('penstock_limit_rejections_total', { unit: 'requests' })).toBeGreaterThanOrEqual(1);
    expect(await platform.metric('penstock_limiter_degraded')).toBe(0);
  });
});

describe('A limit of what many share', () => {
  it('holds for all requests of the organization, whatever their keys', async () => {
    const { admin } = platform;
    const own = await createScenario({ admin, gateway: platform.ready.gateway, upstream });
    const microUsdPerToken = 100;
    const max = 50 * microUsdPerToken;
    // Only what has a price takes of a limit of cost: other tests' requests have none.
    await admin.post('/model-prices', {
      metadata: { name: own.providerName },
      spec: {
        provider: own.providerName,
        model: upstream.chatModel,
        inputPerMillion: 0,
        outputPerMillion: microUsdPerToken * 1e6,
      },
    });
    await admin.createQuota(own.providerName, [{ unit: 'cost', window: 'month', max }]);
    await admin.patch('/organization', { spec: { quotas: [own.providerName] } });
    try {
      const { client } = await createCaller({ admin, baseUrl: own.baseUrl });
      let spent = 0;
      let refused: Response | undefined;
      while (!refused) {
        const response = await own.client.chat('Hello', { max_tokens: 20 });
        if (response.status !== 200) refused = response;
        else spent += ((await response.json()) as ChatCompletion).usage.completion_tokens * microUsdPerToken;
        expect(spent).toBeLessThanOrEqual(max);
      }
      const { error } = (await refused.json()) as ErrorAnswer;
      expect({ status: refused.status, code: error.code }).toEqual({ status: 429, code: 'insufficient_quota' });
      expect(await statusesOf(client, 1, { max_tokens: 50 })).toEqual([429]);
      const statuses = await live('/organization');
      expect(statuses).toMatchObject([{ subject: 'Organization default', unit: 'cost', max, alignment: 'calendar' }]);
      const isSettled = async (): Promise<boolean> => (await live('/organization'))[0]?.used === spent;
      await waitUntil('what was held to be settled', isSettled);
    } finally {
      await admin.patch('/organization', { spec: { quotas: [] } });
    }
    await untilAllCurrent(admin);
    expect(await statusesOf(own.client, 1, { max_tokens: 50 })).toEqual([200]);
  });

  it('holds for each key of a team by itself', async () => {
    const { admin } = platform;
    const team = uniqueName('team');
    await admin.createQuota(team, [{ unit: 'requests', window: 'day', max: 2 }]);
    await admin.post('/teams', { metadata: { name: team }, spec: { displayName: team, keyQuotas: [team] } });
    const [first, second] = await clientsOf(team, 2);
    await untilAllCurrent(admin);
    if (!first || !second) throw new Error('two keys were made');
    expect(await statusesOf(first, 3)).toEqual([200, 200, 429]);
    expect(await statusesOf(second, 3)).toEqual([200, 200, 429]);
    const statuses = await live(`/teams/${team}`);
    expect(statuses.map(({ used, remaining }) => ({ used, remaining }))).toEqual([
      { used: 2, remaining: 0 },
      { used: 2, remaining: 0 },
    ]);
  });

  it('holds for one model of a provider, and lets its others through', async () => {
    const { admin } = platform;
    const own = await createScenario({ admin, gateway: platform.ready.gateway, upstream });
    await admin.createQuota(own.providerName, [{ unit: 'requests', window: 'day', max: 2 }]);
    const models = [{ id: upstream.chatModel, quotas: [own.providerName] }];
    await admin.patch(`/llm-providers/${own.providerName}`, {
      spec: { models: [...models, { id: 'unlimited', upstreamModel: upstream.chatModel }] },
    });
    await admin.patch(`/llm-proxies/${own.proxyName}`, {
      spec: {
        models: [
          { name: 'chat', targets: [{ provider: own.providerName, model: upstream.chatModel }] },
          { name: 'unlimited', targets: [{ provider: own.providerName, model: 'unlimited' }] },
        ],
      },
    });
    const { client } = await createCaller({ admin, baseUrl: own.baseUrl });
    expect(await statusesOf(own.client, 1)).toEqual([200]);
    expect(await statusesOf(client, 2)).toEqual([200, 429]);
    expect(await statusesOf(client, 3, { model: 'unlimited' })).toEqual([200, 200, 200]);
    const label = `LlmProvider ${own.providerName}, model ${upstream.chatModel}`;
    expect(await live(`/llm-providers/${own.providerName}`)).toMatchObject([{ subject: label, used: 2, remaining: 0 }]);
  });
});
