import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ChatCompletion, ErrorAnswer, GatewayClient } from '../support/gateway-client.ts';
import { openPlatform } from '../support/platform.ts';
import { createCaller, createScenario, type Scenario } from '../support/scenario.ts';
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
