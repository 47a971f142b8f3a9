import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { SnapshotPolicy } from '@penstock/contracts';
import { type PrivateRedis, startPrivateRedis, waitUntil } from '@penstock/testing';
import { GatewayProcess } from './support/gateway-process.ts';
import { answerWell, ScriptedUpstream, USAGE } from './support/scripted-upstream.ts';
import { TestConfig } from './support/test-config.ts';

type Params = SnapshotPolicy['params'];

const body = { model: 'm', messages: [{ role: 'user', content: 'one two three' }], max_tokens: 20 };
const policy = (name: string, params: Params, more: Partial<SnapshotPolicy> = {}): SnapshotPolicy => ({
  name,
  condition: null,
  params,
  paths: null,
  ...more,
});
const at = (path: string, params: Params) => ({ path, methods: ['POST'], params });
const tokens = (count: number): Params => ({ totalTokenLimits: [{ count, duration: '24h' }] });
const budget = policy('llm-cost-based-ratelimit', { budgetLimits: [{ amount: 1, duration: '24h' }] });

/** What each proxy has, by its name. */
const PROXIES: Readonly<Record<string, readonly SnapshotPolicy[]>> = {
  gzip: [policy('token-based-ratelimit', tokens(30))],
  stream: [policy('token-based-ratelimit', tokens(30))],
  completions: [policy('token-based-ratelimit', { completionTokenLimits: [{ count: 30, duration: '24h' }] })],
  buckets: [
    policy('token-based-ratelimit', {}, { paths: [at('/chat/completions', tokens(30)), at('/*', tokens(30))] }),
  ],
  limits: [
    policy('basic-ratelimit', {
      limits: [
        { requests: 9, duration: '1h' },
        { requests: 1, duration: '24h' },
      ],
    }),
  ],
  applications: [
    policy('api-key-auth', { key: 'X-Consumer-Key' }),
    policy('advanced-ratelimit', {
      quotas: [
        {
          limits: [{ limit: 1, duration: '1h' }],
          keyExtraction: [{ type: 'apiname' }, { type: 'metadata', key: 'x-wso2-application-id' }],
        },
      ],
    }),
  ],
  priced: [budget, policy('llm-cost', {})],
};

let redis: PrivateRedis;
let upstream: ScriptedUpstream;
let gateway: GatewayProcess;
let key: string;
let otherKey: string;

beforeAll(async () => {
  [redis, upstream] = await Promise.all([startPrivateRedis(), ScriptedUpstream.start()]);
  const config = new TestConfig();
  const lab = config.provider('lab', upstream.url);
  for (const [name, policies] of Object.entries(PROXIES)) {
    config.proxy(name, `/${name}`, [lab], { policies: [...policies] });
  }
  const unpriced = config.provider('unpriced', upstream.url, { prices: {} });
  config.proxy('unpriced', '/unpriced', [unpriced], { policies: [budget, policy('llm-cost', {})] });
  key = config.key('app');
  otherKey = config.key('other');
  await config.publish(redis.url);
  gateway = await GatewayProcess.start({ REDIS_URL: redis.url });
});

afterAll(async () => {
  await gateway?.dispose();
  upstream?.stop();
  await redis?.dispose();
});

beforeEach(() => {
  upstream.received.length = 0;
  upstream.script = answerWell;
});

const ask = (proxy: string, headers: Record<string, string> = {}, sent: object = {}) =>
  gateway.post(`/${proxy}/v1/chat/completions`, key, { ...body, ...sent }, { headers });
/** What is left of the limit of a proxy once a request is settled: 30 less the 18 tokens that it used. */
const settled = (proxy: string) =>
  waitUntil('the tokens to be settled', async () => {
    const response = await ask(proxy);
    await response.text();
    return response.headers.get('x-ratelimit-remaining') === '12' ? response : undefined;
  });

describe('C token-based-ratelimit', () => {
  it('C token-based-ratelimit: counts answers that come compressed', async () => {
    upstream.script = (_request, response) => {
      const choices = [{ index: 0, message: { role: 'assistant', content: 'Hello' }, finish_reason: 'stop' }];
      const answer = { id: 'c', object: 'chat.completion', created: 1, model: 'up/m', choices, usage: USAGE };
      response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' });
      response.end(gzipSync(JSON.stringify(answer)));
    };
    expect((await ask('gzip')).status).toBe(200);
    expect((await settled('gzip')).status).toBe(429);
  });

  it('C token-based-ratelimit: counts streams', async () => {
    const response = await ask('stream', {}, { stream: true });
    expect([response.status, await response.text()]).toEqual([200, expect.stringContaining('[DONE]')]);
    expect((await settled('stream')).status).toBe(429);
  });

  it('C token-based-ratelimit: bounds completions alone, whatever the prompt has', async () => {
    const prompt = { messages: [{ role: 'user', content: 'word '.repeat(200) }] };
    expect((await ask('completions', {}, prompt)).status).toBe(200);
  });

  it('C token-based-ratelimit: tells the limit under three names, and when to come back', async () => {
    const refused = await settled('gzip');
    for (const prefix of ['x-ratelimit', 'ratelimit']) {
      expect([refused.headers.get(`${prefix}-limit`), refused.headers.get(`${prefix}-remaining`)]).toEqual([
        '30',
        '12',
      ]);
      expect(Number(refused.headers.get(`${prefix}-reset`))).toBeGreaterThan(0);
    }
  });

  it('C token-based-ratelimit: has a bucket for each entry of its paths', async () => {
    expect((await ask('buckets')).status).toBe(200);
    expect((await settled('buckets')).status).toBe(429);
    const completions = await gateway.post('/buckets/v1/completions', key, { model: 'm', prompt: 'x', max_tokens: 20 });
    expect(completions.status).toBe(200);
  });
});

describe('C basic-ratelimit', () => {
  it('C basic-ratelimit: the strictest of all its limits decides, and is told', async () => {
    const first = await ask('limits');
    expect([first.status, first.headers.get('x-ratelimit-limit'), first.headers.get('ratelimit-remaining')]).toEqual([
      200,
      '1',
      '0',
    ]);
    const refused = await ask('limits');
    expect([refused.status, upstream.received.length]).toEqual([429, 1]);
  });
});

describe('C api-key-auth', () => {
  it('C api-key-auth, A8: says whose key it is, so that limits go by consumers', async () => {
    const send = (own: string) => ask('applications', { 'x-consumer-key': own });
    const statuses = [];
    for (const own of [key, key, otherKey, otherKey]) statuses.push((await send(own)).status);
    expect(statuses).toEqual([200, 429, 200, 429]);
  });
});

describe('C llm-cost', () => {
  it('C llm-cost: is never told to callers, and C llm-cost-based-ratelimit: what is left of the budget is', async () => {
    const response = await ask('priced');
    const names = [...response.headers.keys()];
    expect(names.filter((name) => name.includes('llm-cost'))).toEqual([]);
    expect(names).toEqual(
      expect.arrayContaining(['x-ratelimit-cost-limit-dollars', 'x-ratelimit-cost-remaining-dollars']),
    );
    expect(upstream.last.headers['x-llm-cost']).toBeUndefined();
  });

  it('C llm-cost: a model without a price is not refused, and costs the budget nothing', async () => {
    const left: (string | null)[] = [];
    for (let time = 0; time < 3; time += 1) {
      const response = await ask('unpriced');
      expect(response.status).toBe(200);
      left.push(response.headers.get('x-ratelimit-cost-remaining-dollars'));
    }
    // Nothing is taken but what this gateway sets aside for when Redis is lost.
    for (const dollars of left) expect(['1', '0.99']).toContain(dollars);
  });
});
