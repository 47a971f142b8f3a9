import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { SnapshotPolicy } from '@penstock/contracts';
import { type PrivateRedis, startPrivateRedis, waitUntil } from '@penstock/testing';
import { Redis } from 'ioredis';
import { GatewayProcess } from './support/gateway-process.ts';
import { answerWell, json, ScriptedUpstream } from './support/scripted-upstream.ts';
import { TestConfig } from './support/test-config.ts';

const body = { model: 'm', messages: [{ role: 'user', content: 'hi' }], max_tokens: 20 };
let redis: PrivateRedis;
let upstream: ScriptedUpstream;
let gateway: GatewayProcess;
let key = '';

const policy = (params: SnapshotPolicy['params'], more: Partial<SnapshotPolicy> = {}): SnapshotPolicy => ({
  name: 'advanced-ratelimit',
  condition: null,
  params,
  paths: null,
  ...more,
});
const daily = (limit: number) => [{ limit, duration: '24h' }];
const byHeader = [{ type: 'header', key: 'X-User' }];
const costs = (limit: number, ...sources: readonly Record<string, string | number>[]) => ({
  quotas: [{ limits: daily(limit), costExtraction: { enabled: true, default: 3, sources: [...sources] } }],
});

function addProxies(config: TestConfig): void {
  const providers = [config.provider('lab', upstream.url)];
  const proxy = (name: string, ...policies: SnapshotPolicy[]) =>
    config.proxy(name, `/${name}`, providers, { policies });
  proxy('header', policy({ quotas: [{ name: 'each user', limits: daily(2), keyExtraction: byHeader }] }));
  const quotas = [{ limits: daily(1), keyExtraction: byHeader }, { limits: daily(3) }];
  proxy('two', policy({ quotas }));
  proxy('ip', policy({ keyExtraction: [{ type: 'ip' }, { type: 'apiname' }], quotas: [{ limits: daily(1) }] }));
  const expression = "request.Headers['x-tenant'][0] + '/' + request.Method";
  proxy('cel', policy({ quotas: [{ limits: daily(1), keyExtraction: [{ type: 'cel', expression }] }] }));
  const wide = { limits: [...daily(1_000), { limit: 1_000, duration: '1h' }] };
  proxy(
    'many',
    policy({ quotas: [wide, { ...wide, keyExtraction: byHeader }, { ...wide, keyExtraction: [{ type: 'ip' }] }] }),
  );
  const own = config.provider('limited', upstream.url, {
    policies: [
      policy({ quotas: [{ limits: daily(1), keyExtraction: byHeader }], onRateLimitExceeded: { statusCode: 420 } }),
    ],
  });
  config.proxy('by-provider', '/by-provider', [own]);
  proxy('route', policy({ quotas: [{ limits: daily(1) }], algorithm: 'fixed-window' }));
  const at = (path: string) => ({
    path,
    methods: ['POST'],
    params: { quotas: [{ limits: daily(1), keyExtraction: [{ type: 'apiname' }] }] },
  });
  proxy('api', policy({}, { paths: [at('/chat/completions'), at('/completions')] }));
  const burst = [{ limit: 60, duration: '1h', burst: 2 }];
  const onRateLimitExceeded = { statusCode: 503, body: 'later', bodyFormat: 'plain' };
  proxy('words', policy({ quotas: [{ limits: burst }], onRateLimitExceeded }));
  proxy('weight', policy(costs(10, { type: 'request_header', key: 'x-weight', multiplier: 2 })));
  proxy('asked', policy(costs(50, { type: 'request_body', jsonPath: '$.max_tokens' })));
  const token = (jsonPath: string, multiplier: number) => ({ type: 'response_body', jsonPath, multiplier });
  const weighted = costs(1_000, token('$.usage.prompt_tokens', 0), token('$.usage.completion_tokens', 2));
  proxy('tokens', policy(weighted));
  proxy('units', policy(costs(1_000, { type: 'response_header', key: 'x-units' }, token('$.billing.units', 1))));
}

beforeAll(async () => {
  [redis, upstream] = await Promise.all([startPrivateRedis({ durable: true }), ScriptedUpstream.start()]);
  const config = new TestConfig();
  addProxies(config);
  key = config.key('a');
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

const ask = (context: string, headers: Record<string, string> = {}, sent: unknown = body) =>
  gateway.post(`/${context}/v1/chat/completions`, key, sent, { headers });
const statusOf = async (...asked: Parameters<typeof ask>): Promise<number> => (await ask(...asked)).status;
const statuses = async (...asked: readonly Parameters<typeof ask>[]): Promise<number[]> => {
  const found: number[] = [];
  for (const one of asked) found.push(await statusOf(...one));
  return found;
};
const remaining = async (...asked: Parameters<typeof ask>): Promise<string | null> =>
  (await ask(...asked)).headers.get('x-ratelimit-remaining');

describe('C advanced-ratelimit', () => {
  it('C advanced-ratelimit: counts for each value of a header, in one counter for those without it', async () => {
    const as = (user: string): Parameters<typeof ask> => ['header', { 'x-user': user }];
    const first = await ask(...as('ann'));
    expect(['limit', 'remaining'].map((name) => first.headers.get(`x-ratelimit-${name}`))).toEqual(['2', '1']);
    expect(await statuses(as('ann'), as('ann'), as('bob'), ['header'], ['header'], ['header'])).toEqual([
      200, 429, 200, 200, 200, 429,
    ]);
    const refused = await ask(...as('ann'));
    expect(await refused.json()).toMatchObject({
      error: { code: 'insufficient_quota', message: expect.stringContaining("'each user'") },
    });
  });

  it('C advanced-ratelimit: takes all quotas or none', async () => {
    const as = (user: string): Parameters<typeof ask> => ['two', { 'x-user': user }];
    // What the first quota refuses takes nothing from the second, of three.
    expect(await statuses(as('ann'), as('ann'), as('ann'), as('bob'), as('cat'), as('dan'))).toEqual([
      200, 429, 429, 200, 200, 429,
    ]);
  });

  it('C advanced-ratelimit: counts for addresses, expressions, routes, and the whole API', async () => {
    expect(await statuses(['ip', { 'x-forwarded-for': '1.2.3.4' }], ['ip', { 'x-forwarded-for': '1.2.3.5' }])).toEqual([
      200, 429,
    ]);
    const of = (tenant: string): Parameters<typeof ask> => ['cel', { 'x-tenant': tenant }];
    expect(await statuses(of('a'), of('a'), of('b'), ['cel'], ['cel'])).toEqual([200, 429, 200, 200, 429]);
    const completions = async (context: string) =>
      (await gateway.post(`/${context}/v1/completions`, key, { model: 'm', prompt: 'x' })).status;
    expect([await statusOf('route'), await completions('route'), await completions('route')]).toEqual([200, 200, 429]);
    expect([await statusOf('api'), await completions('api')]).toEqual([200, 429]);
  });

  it('C advanced-ratelimit: refuses in the words of the policy, beyond its burst', async () => {
    expect(await statuses(['words'], ['words'])).toEqual([200, 200]);
    const refused = await ask('words');
    expect([refused.status, refused.headers.get('content-type'), await refused.text()]).toEqual([
      503,
      'text/plain; charset=utf-8',
      'later',
    ]);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(refused.headers.get('x-ratelimit-remaining')).toBe('0');
  });

  it('C advanced-ratelimit: takes what a request says that it costs', async () => {
    expect(await remaining('weight', { 'x-weight': '3' })).toBe('4');
    expect(await remaining('weight', { 'x-weight': '-3' })).toBe('4');
    expect(await remaining('weight', { 'x-weight': 'many' })).toBe('1');
    expect(await statusOf('weight', { 'x-weight': '9e99' })).toBe(429);
    expect(await statusOf('weight', { 'x-weight': '1' })).toBe(429);
    expect(await statusOf('weight', { 'x-weight': '0.5' })).toBe(200);
    expect([await remaining('asked'), await remaining('asked'), await statusOf('asked')]).toEqual(['30', '10', 429]);
  });

  it('C advanced-ratelimit: settles tokens by what was really used, of streams too', async () => {
    const first = Number(await remaining('tokens'));
    // Twice the 7 tokens of each answer; as much is held each time, and that is no multiple of them.
    const isSettled = async () => {
      const spent = first - Number(await remaining('tokens'));
      return spent > 0 && spent % 14 === 0;
    };
    await waitUntil('the answer to be settled', isSettled);
    await (await ask('tokens', {}, { ...body, stream: true })).text();
    await waitUntil('the stream to be settled', isSettled);
  });

  it('C advanced-ratelimit: settles by headers and members of answers', async () => {
    // One is held of the answer that is asked for.
    const spent = async () => 999 - Number(await remaining('units'));
    upstream.script = (_request, response) => {
      response.setHeader('x-units', '4');
      json(response, { id: 'c', object: 'chat.completion', choices: [], billing: { units: 3 } });
    };
    await waitUntil('answers to be settled', async () => (await spent()) % 7 === 0 && (await spent()) > 0);
    const answering = upstream.script;
    // Nothing is said of what failed: it costs the default.
    upstream.script = (_request, response) => json(response, { error: { message: 'no' } }, 400);
    expect(await statusOf('units')).toBe(400);
    upstream.script = answering;
    await waitUntil('the failure to be settled', async () => (await spent()) % 7 === 3);
  });

  it('C advanced-ratelimit: asks Redis once for all of its limits', async () => {
    const admin = new Redis(redis.url);
    const scriptCalls = async () =>
      Number(/cmdstat_evalsha:calls=(\d+)/.exec(await admin.info('commandstats'))?.[1] ?? 0);
    try {
      await ask('many');
      const before = await scriptCalls();
      for (let count = 0; count < 20; count += 1) expect(await statusOf('many', { 'x-user': String(count) })).toBe(200);
      // One that takes, and one that settles when the answer is there; and what the gateway does beside.
      expect((await scriptCalls()) - before).toBeLessThanOrEqual(45);
    } finally {
      admin.disconnect();
    }
  });

  it('C advanced-ratelimit: counts at a provider as at a proxy', async () => {
    const as = (user: string): Parameters<typeof ask> => ['by-provider', { 'x-user': user }];
    expect(await statuses(as('ann'), as('ann'), as('bob'))).toEqual([200, 420, 200]);
  });

  it('C advanced-ratelimit: bounds the names of counters, and lets all of them expire', async () => {
    await ask('header', { 'x-user': `a secret ${'x'.repeat(8_000)}` });
    const admin = new Redis(redis.url);
    try {
      const names = (await admin.keys('*')).filter((name) => name.includes('advanced-ratelimit'));
      expect(names.length).toBeGreaterThan(5);
      for (const name of names) {
        expect(name.length).toBeLessThan(300);
        expect(name).not.toContain('secret');
        expect(await admin.ttl(name)).toBeGreaterThan(0);
      }
    } finally {
      admin.disconnect();
    }
  });
});
