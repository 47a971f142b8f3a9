import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { SnapshotPolicy } from '@penstock/contracts';
import { type PrivateRedis, startPrivateRedis, waitUntil } from '@penstock/testing';
import { GatewayProcess } from './support/gateway-process.ts';
import { answerWell, json, ScriptedUpstream, USAGE } from './support/scripted-upstream.ts';
import { TestConfig } from './support/test-config.ts';
import { usageEvents, usageOf } from './support/usage-stream.ts';

type Params = SnapshotPolicy['params'];

const body = { model: 'm', messages: [{ role: 'user', content: 'one two three' }], max_tokens: 20 };
const policy = (name: string, params: Params, more: Partial<SnapshotPolicy> = {}): SnapshotPolicy => ({
  name,
  condition: null,
  params,
  paths: null,
  ...more,
});
const members = (...providers: string[]) => providers.map((provider) => ({ model: 'm', provider }));
const router = policy('llm-header-router', { mappings: [{ headerValue: 'two', provider: 'second' }] });

/** What each proxy has, by its name. */
const PROXIES: Readonly<Record<string, readonly SnapshotPolicy[]>> = {
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
  translated: [policy('openai-to-mistral', { model: 'm' })],
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
  // A provider with a chain of its own, which asks the proxy for a key.
  const governed = config.provider('governed', first.url, {
    policies: [keyed, marked, policy('basic-ratelimit', { limits: [{ requests: 50, duration: '1h' }] })],
  });
  const hop = config.hop(governed, 'X-Consumer-Key', config.key('hop', { proxies: [], providers: ['governed'] }));
  config.proxy('behind', '/behind', [governed], {
    providers: [{ providerId: governed.id, alias: 'governed', auth: hop }],
  });
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

describe('B2: a translation policy', () => {
  const send = (text: string) =>
    fetch(`${gateway.url}/translated/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
      body: text,
    });

  it.each(['', '{', '[]'])('B2: refuses %j as a body, in the dialect of the caller, and asks nobody', async (text) => {
    const response = await send(text);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      error: { message: expect.any(String), type: 'invalid_request_error', code: expect.any(String), param: null },
    });
    expect(upstreams.first.received).toHaveLength(0);
  });

  it('B2: runs always where nothing was chosen, and sends its own model', async () => {
    expect((await send(JSON.stringify({ ...body, model: 'another' }))).status).toBe(200);
    expect(upstreams.first.last.json.model).toBe('up/m');
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

describe('C analytics: the usage of a request', () => {
  it('C analytics: is told once when it passes a proxy and a provider with policies, and without what was said', async () => {
    const response = await ask('behind', { 'x-request-id': 'counted-once' }, { user: 'ada' });
    expect(response.status).toBe(200);
    await usageOf(redis.url, 'counted-once');
    // A second request after it: what would have come of the first has come by then.
    await ask('behind', { 'x-request-id': 'counted-later' });
    await usageOf(redis.url, 'counted-later');
    const events = (await usageEvents(redis.url)).filter(({ requestId }) => requestId === 'counted-once');
    expect(events).toEqual([
      expect.objectContaining({
        proxyName: 'behind',
        providerName: 'governed',
        virtualKeyName: 'app',
        userTag: 'ada',
        requestedModel: 'm',
        modelId: 'm',
        attempts: 1,
        usage: expect.objectContaining({ inputTokens: 11, outputTokens: 7 }),
        costMicroUsd: 25,
      }),
    ]);
    expect(JSON.stringify(events)).not.toMatch(/one two three|Hello/);
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
