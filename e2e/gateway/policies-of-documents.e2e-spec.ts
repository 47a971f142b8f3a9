import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { SnapshotPolicy } from '@penstock/contracts';
import { type PrivateRedis, startPrivateRedis, waitUntil } from '@penstock/testing';
import { GatewayProcess } from './support/gateway-process.ts';
import { answerWell, json, ScriptedUpstream, USAGE } from './support/scripted-upstream.ts';
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
const members = (...providers: string[]) => providers.map((provider) => ({ model: 'm', provider }));
const router = policy('llm-header-router', { mappings: [{ headerValue: 'two', provider: 'second' }] });

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
  priced: [budget, policy('llm-cost', {})],
  robin: [policy('model-round-robin', { models: members('broken'), suspendDuration: 60 })],
  limited: [policy('model-round-robin', { models: members('slow', 'second'), suspendDuration: 60 })],
  weighted: [
    policy('model-weighted-round-robin', {
      models: [
        { model: 'm', provider: 'first', weight: 3 },
        { model: 'm', provider: 'second', weight: 1 },
      ],
    }),
  ],
  'robin-before': [policy('model-round-robin', { models: members('first') }), router],
  'routed-robin': [router, policy('model-round-robin', { models: [{ model: 'm' }] })],
  headers: [
    policy('set-headers', {
      request: { headers: [{ name: 'X-Team', value: 'shop' }] },
      response: { headers: [{ name: 'X-Served-By', value: 'penstock' }] },
    }),
    policy('remove-headers', { response: { headers: [{ name: 'X-Penstock-Model' }] } }),
  ],
  logged: [
    policy('log-message', {
      request: { payload: true, headers: true, excludeHeaders: ['User-Agent'] },
      response: { payload: true },
    }),
  ],
  cors: [policy('cors', {})],
  chosen: [
    router,
    policy(
      'set-headers',
      { requestHeaders: [{ name: 'x-chosen', value: 'yes' }] },
      { condition: "'selected_provider' in request.Metadata && request.Metadata['selected_provider'] == 'second'" },
    ),
  ],
  'not-chosen': [
    router,
    policy(
      'set-headers',
      { requestHeaders: [{ name: 'x-primary', value: 'yes' }] },
      { condition: "!('selected_provider' in request.Metadata) || request.Metadata['selected_provider'] == 'first'" },
    ),
  ],
};

const keyed = policy('api-key-auth', { key: 'X-Consumer-Key' });
const marked = policy('set-headers', { requestHeaders: [{ name: 'x-marked', value: 'yes' }] });
/** The same three policies in every order. */
const ORDERS: readonly (readonly SnapshotPolicy[])[] = [
  [keyed, router, marked],
  [keyed, marked, router],
  [router, keyed, marked],
  [router, marked, keyed],
  [marked, keyed, router],
  [marked, router, keyed],
];

/** What each guardrail refuses, in which words. */
const REFUSALS: readonly (readonly [name: string, params: Params, reason: string])[] = [
  ['regex-guardrail', { regex: 'three', invert: true }, 'Violation of regular expression detected.'],
  ['word-count-guardrail', { min: 4, max: 5 }, 'Violation of applied word count constraints detected.'],
  ['sentence-count-guardrail', { min: 4, max: 5 }, 'Violation of applied sentence count constraints detected'],
  ['content-length-guardrail', { min: 40, max: 50 }, 'Violation of applied content length constraints detected.'],
  ['json-schema-guardrail', { schema: '{"type":"object"}' }, 'Violation of JSON schema detected.'],
];

let redis: PrivateRedis;
let upstreams: Record<'first' | 'second' | 'broken' | 'slow', ScriptedUpstream>;
let gateway: GatewayProcess;
let key: string;

beforeAll(async () => {
  const [own, first, second, broken, slow] = await Promise.all([
    startPrivateRedis(),
    ScriptedUpstream.start(),
    ScriptedUpstream.start(),
    ScriptedUpstream.start(),
    ScriptedUpstream.start(),
  ]);
  redis = own;
  upstreams = { first, second, broken, slow };
  const config = new TestConfig();
  const providers = Object.entries(upstreams).map(([name, { url }]) => config.provider(name, url));
  for (const [name, policies] of Object.entries(PROXIES))
    config.proxy(name, `/${name}`, providers, { policies: [...policies] });
  for (const [name, side] of REFUSALS) {
    const params = { request: side, response: { enabled: false } } as Params;
    config.proxy(name, `/${name}`, providers, { policies: [policy(name, params)] });
    const showing = { response: { ...(side as object), showAssessment: true } } as Params;
    config.proxy(`${name}-answers`, `/${name}-answers`, providers, { policies: [policy(name, showing)] });
  }
  for (const [index, policies] of ORDERS.entries()) {
    config.proxy(`order-${index}`, `/order-${index}`, providers, { policies: [...policies] });
  }
  const unpriced = config.provider('unpriced', first.url, { prices: {} });
  config.proxy('unpriced', '/unpriced', [unpriced], { policies: [budget, policy('llm-cost', {})] });
  key = config.key('app');
  await config.publish(redis.url);
  gateway = await GatewayProcess.start({ REDIS_URL: redis.url });
});

afterAll(async () => {
  await gateway?.dispose();
  for (const upstream of Object.values(upstreams ?? {})) upstream.stop();
  await redis?.dispose();
});

beforeEach(() => {
  for (const upstream of Object.values(upstreams)) {
    upstream.received.length = 0;
    upstream.script = answerWell;
  }
});

const ask = (proxy: string, headers: Record<string, string> = {}, sent: object = {}) =>
  gateway.post(`/${proxy}/v1/chat/completions`, key, { ...body, ...sent }, { headers });
const providersOf = async (proxy: string, times: number, headers: Record<string, string> = {}) => {
  const found: (string | null)[] = [];
  for (let time = 0; time < times; time += 1) {
    found.push((await ask(proxy, headers)).headers.get('x-penstock-provider'));
  }
  return found;
};
/** What is left of the limit of a proxy once a request is settled: 30 less the 18 tokens that it used. */
const settled = (proxy: string) =>
  waitUntil('the tokens to be settled', async () => {
    const response = await ask(proxy);
    await response.text();
    return response.headers.get('x-ratelimit-remaining') === '12' ? response : undefined;
  });

describe('C token-based-ratelimit', () => {
  it('C token-based-ratelimit: counts answers that come compressed', async () => {
    upstreams.first.script = (_request, response) => {
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
    expect([refused.status, upstreams.first.received.length]).toEqual([429, 1]);
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
    expect(upstreams.first.last.headers['x-llm-cost']).toBeUndefined();
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

describe('C model-round-robin', () => {
  it('C model-round-robin: when all models are suspended nothing is asked', async () => {
    upstreams.broken.script = (_request, response) => json(response, { error: { message: 'broken' } }, 500);
    expect((await ask('robin')).status).toBe(502);
    const asked = upstreams.broken.received.length;
    const refused = await ask('robin');
    expect([refused.status, refused.headers.get('retry-after'), upstreams.broken.received.length]).toEqual([
      503,
      '1',
      asked,
    ]);
    expect(await refused.json()).toMatchObject({
      error: { code: 'no_target_available', message: 'All models are currently unavailable' },
    });
  });

  it('C model-round-robin: one that limits its rate is suspended as well', async () => {
    upstreams.slow.script = (_request, response) => json(response, { error: { message: 'slow' } }, 429);
    expect(await providersOf('limited', 4)).toEqual(['second', 'second', 'second', 'second']);
    expect(upstreams.slow.received).toHaveLength(1);
  });

  it('C model-round-robin: without a provider it leaves the choice to who chose before', async () => {
    expect(await providersOf('routed-robin', 2, { 'x-provider': 'two' })).toEqual(['second', 'second']);
  });

  it('B1: a provider that an earlier policy chose stays', async () => {
    expect(await providersOf('robin-before', 2, { 'x-provider': 'two' })).toEqual(['first', 'first']);
  });

  it('C model-weighted-round-robin: each has its share of the turns', async () => {
    const found = await providersOf('weighted', 8);
    expect(found.filter((provider) => provider === 'first')).toHaveLength(6);
    expect(found.filter((provider) => provider === 'second')).toHaveLength(2);
  });
});

describe('C headers, logs and browsers as newer documents write them', () => {
  it('C set-headers and C remove-headers: on the way up and on the way back', async () => {
    const response = await ask('headers');
    expect(upstreams.first.last.headers['x-team']).toBe('shop');
    expect([response.headers.get('x-served-by'), response.headers.get('x-penstock-model')]).toEqual(['penstock', null]);
  });

  it('C log-message: headers and bodies, but for those that are left out', async () => {
    await (await ask('logged', { 'x-request-id': 'documents-1' })).text();
    const line = await waitUntil('the line', () =>
      gateway.output.split('\n').find((text) => text.includes('"msg":"message"') && text.includes('documents-1')),
    );
    const { request, response } = JSON.parse(line) as Record<string, Record<string, never>>;
    expect(request).toMatchObject({ headers: { authorization: '[redacted]' }, payload: JSON.stringify(body) });
    expect(request?.['headers']).not.toHaveProperty('user-agent');
    expect(response).toEqual({ payload: expect.stringContaining('Hello') });
  });

  it('C cors: without parameters every origin may ask, without credentials', async () => {
    const response = await ask('cors', { origin: 'https://anywhere.example' });
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    expect(response.headers.get('access-control-allow-credentials')).toBeNull();
  });
});

describe('G9: a key is asked for', () => {
  it.each(ORDERS.map((_, index) => index))('G9: in whatever order policies stand (%i)', async (index) => {
    const post = (headers: Record<string, string>) =>
      fetch(`${gateway.url}/order-${index}/v1/chat/completions`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-provider': 'two', ...headers },
        body: JSON.stringify(body),
      });
    for (const headers of [{}, { authorization: `Bearer ${key}` }, { 'x-consumer-key': 'wrong' }] as const) {
      expect((await post({ ...headers })).status).toBe(401);
    }
    expect(upstreams.second.received).toHaveLength(0);
    const admitted = await post({ 'x-consumer-key': key });
    expect([admitted.status, admitted.headers.get('x-penstock-provider')]).toEqual([200, 'second']);
    expect(upstreams.second.last.headers).toMatchObject({ 'x-marked': 'yes' });
    expect(upstreams.second.last.headers['x-consumer-key']).toBeUndefined();
  });
});

describe('A5.4: conditions over what earlier policies chose', () => {
  it('A5.4: hold where that provider was chosen, or where none was', async () => {
    await ask('chosen', { 'x-provider': 'two' });
    expect(upstreams.second.last.headers['x-chosen']).toBe('yes');
    await ask('chosen');
    expect(upstreams.first.last.headers['x-chosen']).toBeUndefined();
    await ask('not-chosen');
    expect(upstreams.first.last.headers['x-primary']).toBe('yes');
    await ask('not-chosen', { 'x-provider': 'two' });
    expect(upstreams.second.last.headers['x-primary']).toBeUndefined();
  });
});

describe('C guardrails: the words of a refusal', () => {
  it.each(REFUSALS)(
    'C %s: says what was violated, and nothing of what was said',
    async (name, _params, actionReason) => {
      const message = (direction: string, more = {}) => ({
        type: name.toUpperCase().replaceAll('-', '_'),
        message: {
          action: 'GUARDRAIL_INTERVENED',
          interveningGuardrail: name,
          actionReason,
          direction,
          ...more,
        },
      });
      const request = await ask(name);
      expect([request.status, request.headers.get('content-type')]).toEqual([422, 'application/json']);
      expect(await request.json()).toEqual(message('REQUEST'));
      expect(upstreams.first.received).toHaveLength(0);
      upstreams.first.script = (_request, response) => {
        const choices = [{ index: 0, message: { role: 'assistant', content: 'three.' }, finish_reason: 'stop' }];
        json(response, { id: 'c', object: 'chat.completion', created: 1, model: 'up/m', choices, usage: USAGE });
      };
      const answer = await ask(`${name}-answers`);
      expect([answer.status, await answer.json()]).toEqual([
        422,
        message('RESPONSE', { assessments: expect.anything() }),
      ]);
    },
  );
});
