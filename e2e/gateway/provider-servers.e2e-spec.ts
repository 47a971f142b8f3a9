import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { freePort, type PrivateRedis, startPrivateRedis } from '@penstock/testing';
import { GatewayProcess } from './support/gateway-process.ts';
import { answerWell, ScriptedUpstream } from './support/scripted-upstream.ts';
import { TestConfig } from './support/test-config.ts';

interface ErrorAnswer {
  readonly error?: { readonly code: string };
}

const body = { model: 'm', messages: [{ role: 'user', content: 'hi' }] };
let redis: PrivateRedis;
let heavy: ScriptedUpstream;
let light: ScriptedUpstream;
let gateway: GatewayProcess;
let key: string;

beforeAll(async () => {
  [redis, heavy, light] = await Promise.all([startPrivateRedis(), ScriptedUpstream.start(), ScriptedUpstream.start()]);
  const config = new TestConfig();
  const dead = `http://127.0.0.1:${await freePort()}/v1`;
  const servers = (...upstreams: readonly (readonly [string, number])[]) => ({
    upstreams: upstreams.map(([baseUrl, weight]) => ({ baseUrl, weight })),
  });
  const providers = {
    weighted: config.provider('weighted', heavy.url, servers([heavy.url, 75], [light.url, 25], [dead, 0])),
    failing: config.provider('failing', dead, servers([dead, 50], [`${light.url}/sub`, 50])),
    hosting: config.provider('hosting', heavy.url, { hostRewrite: 'manual' }),
    slow: config.provider('slow', heavy.url),
  };
  for (const [name, provider] of Object.entries(providers)) {
    config.proxy(name, `/${name}`, [provider], name === 'slow' ? { timeouts: { idleMs: 0, totalMs: 500 } } : {});
  }
  key = config.key('app');
  await config.publish(redis.url);
  gateway = await GatewayProcess.start({ REDIS_URL: redis.url });
});

afterAll(async () => {
  await gateway?.dispose();
  heavy?.stop();
  light?.stop();
  await redis?.dispose();
});

beforeEach(() => {
  for (const upstream of [heavy, light]) {
    upstream.received.length = 0;
    upstream.script = answerWell;
  }
});

const ask = (proxy: string) => gateway.post(`/${proxy}/v1/chat/completions`, key, body);

describe('a provider with several servers', () => {
  it('A3: upstreamDefinitions: spreads requests by weight, and sends none where the weight is 0', async () => {
    for (let count = 0; count < 200; count += 1) {
      const response = await ask('weighted');
      expect(response.status).toBe(200);
      await response.text();
    }
    // Five standard deviations around 150 of 200.
    expect(heavy.received.length).toBeGreaterThan(119);
    expect(heavy.received.length).toBeLessThan(181);
    expect(heavy.received.length + light.received.length).toBe(200);
  });

  it('A3: upstreamDefinitions: leaves a dead server for another one, and stops asking it', async () => {
    const attempts: number[] = [];
    for (let count = 0; count < 40; count += 1) {
      const response = await ask('failing');
      expect(response.status).toBe(200);
      await response.text();
      attempts.push(Number(response.headers.get('x-penstock-attempts')));
    }
    expect(light.received).toHaveLength(40);
    expect(light.last.path).toBe('/v1/sub/chat/completions');
    // Its circuit breaker opens after five failures in a row.
    expect(attempts.filter((count) => count === 2)).toHaveLength(5);
    expect(attempts.filter((count) => count > 2)).toHaveLength(0);
  });
});

describe('what a proxy and its provider say of the connection', () => {
  it("A5.8: hostRewrite manual leaves the caller's host as it is", async () => {
    await (await ask('hosting')).text();
    expect(heavy.last.headers.host).toBe(new URL(gateway.url).host);
    await (await ask('weighted')).text();
    expect([heavy, light].map(({ port }) => `127.0.0.1:${port}`)).toContain(
      [...heavy.received, ...light.received].at(-1)?.headers.host,
    );
  });

  it('A5.8: the tighter timeout holds', async () => {
    heavy.script = () => undefined;
    const startedAt = performance.now();
    const response = await ask('slow');
    expect([response.status, ((await response.json()) as ErrorAnswer).error?.code]).toEqual([504, 'upstream_timeout']);
    expect(performance.now() - startedAt).toBeLessThan(3_000);
  });
});
