import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { redisNames, type SnapshotPolicy } from '@penstock/contracts';
import { type PrivateRedis, startPrivateRedis, waitUntil } from '@penstock/testing';
import { Redis } from 'ioredis';
import { GatewayProcess } from './support/gateway-process.ts';
import { answerWell, ScriptedUpstream } from './support/scripted-upstream.ts';
import { snapshotLimits, TestConfig } from './support/test-config.ts';
import { usageOf } from './support/usage-stream.ts';

const messages = [{ role: 'user', content: 'hi' }];
const body = { model: 'm', messages, max_tokens: 20 };
let redis: PrivateRedis;
let upstream: ScriptedUpstream;
let second: ScriptedUpstream;
let gateway: GatewayProcess;
const keys: Record<string, string> = {};

const policy = (
  name: string,
  params: SnapshotPolicy['params'],
  more: Partial<SnapshotPolicy> = {},
): SnapshotPolicy => ({
  name,
  condition: null,
  params,
  paths: null,
  ...more,
});

beforeAll(async () => {
  [redis, upstream, second] = await Promise.all([
    startPrivateRedis({ durable: true }),
    ScriptedUpstream.start(),
    ScriptedUpstream.start(),
  ]);
  const config = new TestConfig();
  const providers = [config.provider('lab', upstream.url), config.provider('other', second.url)];
  const proxy = (name: string, ...policies: SnapshotPolicy[]) =>
    config.proxy(name, `/${name}`, providers, { policies });
  const requests = (count: number, duration: string) => ({ limits: [{ requests: count, duration }] });
  proxy(
    'basic',
    policy('basic-ratelimit', {
      limits: [
        { requests: 2, duration: '1h' },
        { requests: 50, duration: '1m' },
      ],
    }),
  );
  proxy('short', policy('basic-ratelimit', requests(2, '2s')));
  const at = (path: string, count: number) => ({ path, methods: ['POST'], params: requests(count, '24h') });
  proxy('paths', policy('basic-ratelimit', {}, { paths: [at('/chat/completions', 1), at('/*', 2)] }));
  proxy(
    'conditional',
    policy('basic-ratelimit', requests(1, '24h'), { condition: "request.Headers['x-tier'][0] == 'free'" }),
  );
  proxy('tokens', policy('token-based-ratelimit', { totalTokenLimits: [{ count: 30, duration: '24h' }] }));
  proxy(
    'consumers',
    policy('token-based-ratelimit', { promptTokenLimits: [{ count: 11, duration: '24h' }], consumerBased: true }),
  );
  proxy(
    'budget',
    policy('llm-cost-based-ratelimit', { budgetLimits: [{ amount: 0.0002, duration: '24h' }] }),
    policy('llm-cost', {}),
  );
  const router = policy('llm-header-router', {
    headerName: 'x-to',
    mappings: [{ headerValue: 'other', provider: 'other' }],
  });
  proxy('cached', router, policy('response-cache', { ttlSeconds: 60 }));
  proxy('team-cached', policy('response-cache', { scope: 'team' }));
  proxy('small-cached', policy('response-cache', { maxEntryBytes: 1024 }));
  proxy('briefly-cached', policy('response-cache', { ttlSeconds: 1 }));
  for (const name of ['a', 'b']) keys[name] = config.key(name);
  const otherTeam = config.team('other').id;
  keys['foreign'] = config.key('foreign', { teamId: otherTeam });
  keys['unable'] = config.key('unable', { models: ['none'] });
  keys['once'] = config.key('once', { limits: snapshotLimits({ unit: 'requests', window: 'day', max: 1 }) });
  await config.publish(redis.url);
  gateway = await GatewayProcess.start({ REDIS_URL: redis.url });
});

afterAll(async () => {
  await gateway?.dispose();
  upstream?.stop();
  second?.stop();
  await redis?.dispose();
});

beforeEach(() => {
  upstream.received.length = 0;
  second.received.length = 0;
  upstream.script = answerWell;
});

const ask = (context: string, key = 'a', headers: Record<string, string> = {}, sent: unknown = body) =>
  gateway.post(`/${context}/v1/chat/completions`, keys[key] ?? '', sent, { headers });
const statuses = async (count: number, send: () => Promise<Response>): Promise<number[]> => {
  const found: number[] = [];
  for (let index = 0; index < count; index += 1) found.push((await send()).status);
  return found;
};

describe('C basic-ratelimit', () => {
  it('refuses what is too much in the words of the contract, and says how much is left', async () => {
    const first = await ask('basic');
    expect([first.status, first.headers.get('x-ratelimit-limit'), first.headers.get('x-ratelimit-remaining')]).toEqual([
      200,
      '2',
      '1',
    ]);
    expect(Number(first.headers.get('x-ratelimit-reset'))).toBeGreaterThan(0);
    expect((await ask('basic', 'b')).status).toBe(200);
    const refused = await ask('basic');
    expect([refused.status, Number(refused.headers.get('retry-after')) > 0]).toEqual([429, true]);
    expect(refused.headers.get('x-ratelimit-remaining')).toBe('0');
    expect(await refused.json()).toMatchObject({ error: { code: 'rate_limit_exceeded', type: 'rate_limit_error' } });
    expect(upstream.received).toHaveLength(2);
  });

  it('counts in any duration that comes to whole numbers', async () => {
    expect(await statuses(3, () => ask('short'))).toEqual([200, 200, 429]);
    await waitUntil('the rate to allow one more', async () => (await ask('short')).status === 200, { intervalMs: 200 });
  });

  it('has a bucket for each path, and one for everything else', async () => {
    expect(await statuses(2, () => ask('paths'))).toEqual([200, 429]);
    const completions = () => gateway.post('/paths/v1/completions', keys['a'] ?? '', { model: 'm', prompt: 'x' });
    expect(await statuses(3, completions)).toEqual([200, 200, 429]);
  });

  it('counts only what its condition names', async () => {
    const free = () => ask('conditional', 'a', { 'x-tier': 'free' });
    expect(await statuses(2, free)).toEqual([200, 429]);
    expect(await statuses(2, () => ask('conditional'))).toEqual([200, 200]);
  });
});

describe('C token-based-ratelimit', () => {
  it('is settled by what was really used', async () => {
    // It uses 18 tokens of 30, of which it held more; the next one may use more than the 12 that are left.
    expect((await ask('tokens')).status).toBe(200);
    const refused = await waitUntil('the tokens to be settled', async () => {
      const answer = await ask('tokens', 'b');
      return answer.headers.get('x-ratelimit-remaining') === '12' ? answer : undefined;
    });
    expect([refused.status, upstream.received.length]).toEqual([429, 1]);
  });

  it('counts for each key where consumers are bounded', async () => {
    expect((await ask('consumers', 'a')).status).toBe(200);
    await waitUntil(
      'the limit of the first key to be used up',
      async () => (await ask('consumers', 'a')).status === 429,
    );
    expect((await ask('consumers', 'b')).status).toBe(200);
  });
});

describe('C llm-cost-based-ratelimit', () => {
  it('never lets more be spent than the budget, and says what is left in dollars', async () => {
    const first = await ask('budget');
    expect([first.status, first.headers.get('x-ratelimit-cost-limit-dollars')]).toEqual([200, '0.0002']);
    expect(Number(first.headers.get('x-ratelimit-cost-remaining-dollars'))).toBeLessThan(0.0002);
    const refused = await waitUntil('the budget to be used up', async () => {
      const answer = await ask('budget');
      return answer.status === 429 ? answer : undefined;
    });
    expect(await refused.json()).toMatchObject({ error: { code: 'insufficient_quota' } });
    // Each answer costs 25 micro-USD of 200.
    expect(upstream.received.length).toBeLessThanOrEqual(8);
  });
});

describe('C response-cache', () => {
  const fresh = (text: string, more = {}) => ({ model: 'm', messages: [{ role: 'user', content: text }], ...more });
  const askTwice = async (proxy: string, sent: unknown, [first, then]: readonly [string, string] = ['a', 'a']) => {
    const one = await ask(proxy, first, {}, sent);
    const oneText = await one.text();
    await waitUntil('the answer to be kept, or not', async () => {
      await new Promise((resolve) => setTimeout(resolve, 50));
      return true;
    });
    const two = await ask(proxy, then, { 'x-request-id': `second-${Math.random()}` }, sent);
    return { one, oneText, two, twoText: await two.text(), sent: upstream.received.length };
  };

  it('answers the same request again without the upstream, and meters it as one without tokens', async () => {
    const { one, oneText, two, twoText, sent } = await askTwice('cached', fresh('again'));
    expect([one.headers.get('x-cache'), two.headers.get('x-cache'), sent]).toEqual(['MISS', 'HIT', 1]);
    expect([two.status, JSON.parse(twoText)]).toEqual([200, JSON.parse(oneText)]);
    const event = await usageOf(redis.url, two.headers.get('x-request-id') ?? '');
    expect(event).toMatchObject({
      outcome: 'completed',
      httpStatus: 200,
      usageSource: 'none',
      costMicroUsd: 0,
      usage: { inputTokens: 0, outputTokens: 0 },
    });
    expect(await gateway.metric('penstock_response_cache_total{result="hit"}')).toBe(1);
  });

  it('does not mind how `stream` is left out', async () => {
    await askTwice('cached', fresh('quiet'));
    const response = await ask('cached', 'a', {}, fresh('quiet', { stream: false }));
    expect(response.headers.get('x-cache')).toBe('HIT');
  });

  it('never crosses keys, teams, providers or permissions', async () => {
    expect((await askTwice('cached', fresh('mine'), ['a', 'b'])).two.headers.get('x-cache')).toBe('MISS');
    expect((await askTwice('team-cached', fresh('ours'), ['a', 'b'])).two.headers.get('x-cache')).toBe('HIT');
    expect((await askTwice('team-cached', fresh('ours'), ['a', 'foreign'])).two.headers.get('x-cache')).toBe('MISS');
    expect((await askTwice('team-cached', fresh('ours'), ['a', 'unable'])).two.status).toBe(404);
    await ask('cached', 'a', {}, fresh('routed'));
    const routed = await ask('cached', 'a', { 'x-to': 'other' }, fresh('routed'));
    expect([routed.headers.get('x-cache'), second.received.length]).toEqual(['MISS', 1]);
  });

  it('respects Cache-Control of a request', async () => {
    await askTwice('cached', fresh('controlled'));
    const headersOf = async (control: string) =>
      (await ask('cached', 'a', { 'cache-control': control }, fresh('controlled'))).headers.get('x-cache');
    expect([await headersOf('no-cache'), await headersOf('no-store'), await headersOf('max-age=5')]).toEqual([
      'MISS',
      null,
      'HIT',
    ]);
  });

  it('keeps no failures, streams or large answers, and nothing for longer than it should', async () => {
    expect((await askTwice('cached', fresh('s', { stream: true }))).two.headers.get('x-cache')).toBeNull();
    upstream.script = (_request, response) => {
      response.writeHead(400, { 'content-type': 'application/json' }).end('{"error":{"message":"no"}}');
    };
    expect((await askTwice('cached', fresh('failing'))).two.headers.get('x-cache')).toBe('MISS');
    upstream.script = (request, response) => {
      const content = 'x'.repeat(2000);
      const choices = [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }];
      const answer = { id: 'c', object: 'chat.completion', created: 1, model: request.json.model, choices };
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
    };
    expect((await askTwice('small-cached', fresh('large'))).two.headers.get('x-cache')).toBe('MISS');
    upstream.script = answerWell;
    expect((await askTwice('briefly-cached', fresh('brief'))).two.headers.get('x-cache')).toBe('HIT');
    await waitUntil('the answer to be forgotten', async () => {
      await new Promise((resolve) => setTimeout(resolve, 1_100));
      return (await ask('briefly-cached', 'a', {}, fresh('brief'))).headers.get('x-cache') === 'MISS';
    });
  });

  it('takes nothing from limits when it hits', async () => {
    const sent = fresh('limited');
    const first = await ask('cached', 'once', {}, sent);
    await first.text();
    await waitUntil('a hit', async () => (await ask('cached', 'once', {}, sent)).headers.get('x-cache') === 'HIT');
    expect((await ask('cached', 'once', {}, fresh('another'))).status).toBe(429);
  });

  it('does not wait for a Redis that hangs, and takes what it cannot read for a miss', async () => {
    const admin = new Redis(redis.url);
    try {
      await askTwice('cached', fresh('hanging'));
      const names = await admin.keys(`${redisNames.cachedAnswer('')}*`);
      for (const name of names) await admin.set(name, '[1', 'KEEPTTL');
      expect((await ask('cached', 'a', {}, fresh('hanging'))).headers.get('x-cache')).toBe('MISS');
      await admin.call('CLIENT', 'PAUSE', '1500', 'ALL');
      const startedAt = performance.now();
      const response = await ask('cached', 'a', {}, fresh('hanging'));
      expect([response.status, response.headers.get('x-cache')]).toEqual([200, 'MISS']);
      expect(performance.now() - startedAt).toBeLessThan(700);
    } finally {
      admin.disconnect();
    }
  });

  it('asks the upstream while Redis is lost, without a wait', async () => {
    await redis.stop();
    const startedAt = performance.now();
    const response = await ask('cached', 'a', {}, fresh('again'));
    expect([response.status, response.headers.get('x-cache')]).toEqual([200, 'MISS']);
    expect(performance.now() - startedAt).toBeLessThan(1_000);
  });
});
