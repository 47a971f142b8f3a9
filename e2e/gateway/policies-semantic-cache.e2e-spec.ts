import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { ServerResponse } from 'node:http';
import type { SnapshotPolicy } from '@penstock/contracts';
import { createIssuerKey, jwksOf, type PrivateRedis, signToken, startPrivateRedis, waitUntil } from '@penstock/testing';
import { Redis } from 'ioredis';
import { GatewayProcess } from './support/gateway-process.ts';
import { answerWell, json, type ReceivedRequest, ScriptedUpstream } from './support/scripted-upstream.ts';
import { TestConfig, UPSTREAM_CREDENTIAL } from './support/test-config.ts';
import { usageEvents } from './support/usage-stream.ts';

const OTHER_ORGANIZATION = '00000000-0000-4000-8000-0000000000aa';
let redis: PrivateRedis;
let upstream: ScriptedUpstream;
let vectors: ScriptedUpstream;
let gateway: GatewayProcess;
const keys: Record<string, string> = {};
const issuer = createIssuerKey('issuer');

/** Each text stands at the angle that it ends with, in degrees: at a threshold of 0.9 what stands within 25 means the same. */
function embed(request: ReceivedRequest, response: ServerResponse): void {
  const angle = (Number(/\d+$/.exec(request.json.input)?.[0] ?? 0) * Math.PI) / 180;
  const embedding = [3 * Math.cos(angle), 3 * Math.sin(angle), 0];
  json(response, { object: 'list', data: [{ object: 'embedding', index: 0, embedding }], usage: { prompt_tokens: 5 } });
}

const policy = (params: SnapshotPolicy['params'] = {}): SnapshotPolicy => ({
  name: 'semantic-cache',
  condition: null,
  params: { similarityThreshold: 0.9, embeddingProvider: 'vectors', embeddingModel: 'e', ...params },
  paths: null,
});

/** Tells the upstream of which tenant the caller is. */
const tenants: SnapshotPolicy = {
  name: 'jwt-auth',
  condition: null,
  params: {
    keyManagers: [{ name: 'issuer', jwks: { local: { inline: JSON.stringify(jwksOf(issuer)) } } }],
    headerName: 'x-token',
    authHeaderScheme: '',
    claimMappings: { tenant: 'x-tenant' },
  },
  paths: null,
};

function addProxies(config: TestConfig): void {
  const price = { inputPerMillion: 1_000_000, outputPerMillion: 0, cachedInputPerMillion: 0, reasoningPerMillion: 0 };
  const prices = { e: [{ version: 'p1', effectiveFrom: null, ...price }] };
  const lab = config.provider('lab', upstream.url, { models: ['m', 'n'] });
  const own = config.provider('vectors', vectors.url, { models: ['e'], prices });
  const proxy = (name: string, params: SnapshotPolicy['params'], more: Parameters<TestConfig['proxy']>[3] = {}) =>
    config.proxy(name, `/${name}`, [lab, own], { policies: [policy(params)], ...more });
  proxy('cached', {});
  proxy('same', {});
  proxy('half', { similarityThreshold: 0.5 });
  proxy('exact', { similarityThreshold: 1 });
  proxy('anything', { similarityThreshold: 0 });
  proxy('brief', { ttl: 1 });
  proxy('few', { maxEntries: 2 });
  proxy('small', { maxEntryBytes: 1024 });
  proxy('whole', { jsonPath: '' });
  proxy('system', { jsonPath: '$.messages[0].content' });
  proxy('longer', { embeddingDimension: 4 });
  proxy('elsewhere', { embeddingProvider: 'none' });
  proxy('tenants', {}, { policies: [tenants, policy()] });
  const exact = { name: 'response-cache', condition: null, params: {}, paths: null };
  proxy('exact-tenants', {}, { policies: [tenants, exact] });
  proxy('open', {}, { authentication: 'none' });
  proxy('open-cached', { cacheUnauthenticated: true }, { authentication: 'none' });
  const closed = config.provider('closed-vectors', vectors.url, {
    models: ['e'],
    accessControl: { mode: 'allow_all', exceptions: [{ path: '/embeddings', methods: ['POST'] }] },
  });
  config.proxy('closed', '/closed', [lab, closed], { policies: [policy({ embeddingProvider: 'closed-vectors' })] });
  const foreign = { organizationId: OTHER_ORGANIZATION };
  const theirs = [
    config.provider('lab-2', upstream.url, foreign),
    config.provider('vectors-2', vectors.url, { models: ['e'], ...foreign }),
  ];
  config.proxy('foreign', '/foreign', theirs, {
    ...foreign,
    policies: [policy({ embeddingProvider: 'vectors-2' })],
  });
  for (const name of ['a', 'b']) keys[name] = config.key(name);
  keys['foreign'] = config.key('foreign', { ...foreign, teamId: config.team('foreign', foreign).id });
}

beforeAll(async () => {
  [redis, upstream, vectors] = await Promise.all([
    startPrivateRedis({ durable: true }),
    ScriptedUpstream.start(),
    ScriptedUpstream.start(),
  ]);
  const config = new TestConfig();
  addProxies(config);
  await config.publish(redis.url);
  gateway = await GatewayProcess.start({ REDIS_URL: redis.url });
});

afterAll(async () => {
  await gateway?.dispose();
  upstream?.stop();
  vectors?.stop();
  await redis?.dispose();
});

beforeEach(() => {
  upstream.received.length = 0;
  vectors.received.length = 0;
  upstream.script = answerWell;
  vectors.script = embed;
});

interface Asked {
  readonly key?: string;
  readonly headers?: Record<string, string>;
  readonly more?: object;
  readonly before?: string;
}

const ask = async (context: string, text: string, { key = 'a', headers = {}, more = {}, before }: Asked = {}) => {
  const messages = [...(before ? [{ role: 'user', content: before }] : []), { role: 'user', content: text }];
  const sent = { model: 'm', messages, ...more };
  const response = await gateway.post(`/${context}/v1/chat/completions`, keys[key] ?? '', sent, { headers });
  return { response, text: await response.text(), status: response.headers.get('x-cache-status') };
};
const statusOf = async (...asked: Parameters<typeof ask>): Promise<string | null> => (await ask(...asked)).status;
/** Asks until it is kept. */
const keep = async (...asked: Parameters<typeof ask>): Promise<void> => {
  expect(await statusOf(...asked)).toBe('MISS');
  await waitUntil('the answer to be kept', async () => (await statusOf(...asked)) === 'HIT');
  upstream.received.length = 0;
};

describe('C semantic-cache', () => {
  it('C semantic-cache: answers what means the same, without the model', async () => {
    const first = await ask('cached', 'how are you 0');
    expect([first.status, first.response.status]).toEqual(['MISS', 200]);
    const [known] = await waitUntil('the answer to be kept', async () => {
      const again = await ask('cached', 'are you well 20');
      return again.status === 'HIT' ? [again] : undefined;
    });
    expect([known.response.status, known.response.headers.get('content-type')]).toEqual([200, 'application/json']);
    expect(JSON.parse(known.text)).toEqual(JSON.parse(first.text));
    const asked = upstream.received.length;
    expect(await statusOf('cached', 'what else 40')).toBe('MISS');
    expect(upstream.received).toHaveLength(asked + 1);
    expect(vectors.last).toMatchObject({ path: '/v1/embeddings', json: { model: 'up/e' } });
    expect(vectors.last.headers['authorization']).toBe(UPSTREAM_CREDENTIAL);
    expect(await gateway.metric('penstock_semantic_cache_total{result="hit"}')).toBeGreaterThan(0);
  });

  it('C semantic-cache: never crosses keys, organizations, proxies, models or anything else that is said', async () => {
    await keep('cached', 'mine 90');
    expect(await statusOf('cached', 'mine 90', { key: 'b' })).toBe('MISS');
    expect(await statusOf('same', 'mine 90')).toBe('MISS');
    expect(await statusOf('foreign', 'mine 90', { key: 'foreign' })).toBe('MISS');
    expect(await statusOf('cached', 'mine 90', { more: { model: 'n' } })).toBe('MISS');
    expect(await statusOf('cached', 'mine 90', { more: { temperature: 0.5 } })).toBe('MISS');
    expect(await statusOf('cached', 'mine 90', { before: 'I am a nurse.' })).toBe('MISS');
    expect(await statusOf('cached', 'mine 90', { headers: { 'x-provider': 'lab' } })).toBe('MISS');
    expect(await statusOf('cached', 'mine 90', { more: { stream: false } })).toBe('HIT');
  });

  it.each([
    ['tenants', 'x-cache-status'],
    ['exact-tenants', 'x-cache'],
  ])('C semantic-cache: keeps apart whom policies tell the upstream apart, at %s', async (context, header) => {
    const exp = Math.floor(Date.now() / 1_000) + 60;
    const asTenant = async (tenant: string) => {
      const headers = { 'x-token': signToken(issuer, { exp, tenant }) };
      return (await ask(context, 'what is my balance 0', { headers })).response.headers.get(header);
    };
    expect(await asTenant('one')).toBe('MISS');
    await waitUntil('the answer to be kept', async () => (await asTenant('one')) === 'HIT');
    expect(await asTenant('two')).toBe('MISS');
  });

  it('C semantic-cache: goes by its threshold', async () => {
    await keep('half', 'x 0');
    expect([await statusOf('half', 'y 59'), await statusOf('half', 'z 121')]).toEqual(['HIT', 'MISS']);
    await keep('exact', 'x 7');
    expect([await statusOf('exact', 'other words 7'), await statusOf('exact', 'x 8')]).toEqual(['HIT', 'MISS']);
    await keep('anything', 'x 0');
    expect([await statusOf('anything', 'y 89'), await statusOf('anything', 'z 180')]).toEqual(['HIT', 'MISS']);
  });

  it('C semantic-cache: compares the text that it is told to', async () => {
    await keep('system', 'question 30', { before: 'be brief 10' });
    expect(await statusOf('system', 'question 30', { before: 'be short 20' })).toBe('HIT');
    expect(await statusOf('system', 'question 31', { before: 'be short 20' })).toBe('MISS');
    await keep('whole', 'x', { more: { seed: 1 } });
    expect(await statusOf('whole', 'y', { more: { seed: 2 } })).toBe('HIT');
  });

  it('C semantic-cache: keeps and answers streams by themselves', async () => {
    const more = { stream: true };
    await keep('cached', 'stream 200', { more });
    const first = await ask('cached', 'stream 210', { more });
    expect([first.status, first.response.headers.get('content-type')]).toEqual([
      'HIT',
      'text/event-stream; charset=utf-8',
    ]);
    expect(first.text).toContain('"Hel"');
    expect(first.text.trimEnd().endsWith('data: [DONE]')).toBe(true);
    expect(upstream.received).toHaveLength(0);
    expect(await statusOf('cached', 'stream 200')).toBe('MISS');
  });

  it.each([
    ['messages', { max_tokens: 5 }, 'event: message_stop'],
    ['responses', {}, 'event: response.completed'],
  ])('C semantic-cache: answers streams of %s', async (operation, more, end) => {
    const said = (text: string) => ({ messages: [{ role: 'user', content: text }], input: text });
    const stream = async (text: string) => {
      const { messages, input } = said(text);
      const spoken = operation === 'messages' ? { messages } : { input };
      const sent = { model: 'm', stream: true, ...spoken, ...more };
      const response = await gateway.post(`/cached/v1/${operation}`, keys['a'] ?? '', sent);
      return [response.headers.get('x-cache-status'), await response.text()] as const;
    };
    const [status, fresh] = await stream('tell me 40');
    expect([status, fresh.includes(end)]).toEqual(['MISS', true]);
    await waitUntil('the stream to be kept', async () => (await stream('tell me 45'))[0] === 'HIT');
    const [, again] = await stream('tell me 45');
    const eventsIn = (text: string) => text.split('\n').filter((line) => line.startsWith('event: '));
    expect(eventsIn(again)).toEqual(eventsIn(fresh));
    expect(again).toContain('Hel');
  });

  it('C semantic-cache: respects Cache-Control', async () => {
    await keep('cached', 'control 250');
    const wish = async (control: string) =>
      statusOf('cached', 'control 250', { headers: { 'cache-control': control } });
    expect([await wish('no-store'), await wish('no-cache'), await wish('max-age=5')]).toEqual([null, 'MISS', 'HIT']);
  });

  it('C semantic-cache: keeps nothing of strangers unless it is told to', async () => {
    expect([await statusOf('open', 'hello 0', { key: '' }), vectors.received.length]).toEqual([null, 0]);
    await keep('open-cached', 'hello 0', { key: '' });
  });

  it('C semantic-cache: keeps no failures and no large answers, nothing for longer than it should, and only the newest', async () => {
    const twice = async (context: string, text: string) => {
      await ask(context, text);
      await new Promise((resolve) => setTimeout(resolve, 100));
      return statusOf(context, text);
    };
    upstream.script = (_request, response) => json(response, { error: { message: 'no' } }, 400);
    expect(await twice('cached', 'failing 300')).toBe('MISS');
    upstream.script = (request, response) => {
      const choices = [{ index: 0, message: { role: 'assistant', content: 'x'.repeat(2_000) }, finish_reason: 'stop' }];
      json(response, { id: 'c', object: 'chat.completion', created: 1, model: request.json.model, choices });
    };
    expect(await twice('small', 'large 0')).toBe('MISS');
    upstream.script = answerWell;
    await keep('brief', 'brief 0');
    await new Promise((resolve) => setTimeout(resolve, 1_200));
    expect(await statusOf('brief', 'brief 0')).toBe('MISS');
    for (const angle of [0, 90, 180]) await keep('few', `x ${angle}`);
    expect([await statusOf('few', 'x 180'), await statusOf('few', 'x 90'), await statusOf('few', 'x 0')]).toEqual([
      'HIT',
      'HIT',
      'MISS',
    ]);
  });

  it('C semantic-cache: lets everything in Redis expire', async () => {
    const admin = new Redis(redis.url);
    try {
      const names = (await admin.keys('*')).filter((name) => name.includes('similar'));
      expect(names.length).toBeGreaterThan(10);
      for (const name of names) expect(await admin.ttl(name)).toBeGreaterThan(0);
    } finally {
      admin.disconnect();
    }
  });

  it('C semantic-cache: meters embeddings under the key and the id of the request', async () => {
    const { response } = await ask('cached', 'metered 330', { headers: { 'x-request-id': 'metered' } });
    expect(response.status).toBe(200);
    const events = await waitUntil('both events', async () => {
      const found = (await usageEvents(redis.url)).filter(({ requestId }) => requestId === 'metered');
      return found.length === 2 ? found : undefined;
    });
    const event = events.find(({ operation }) => operation === 'embeddings');
    expect(event).toMatchObject({
      virtualKeyName: 'a',
      providerName: 'vectors',
      requestedModel: 'e',
      upstreamModel: 'up/e',
      usage: { inputTokens: 5, outputTokens: 0 },
      usageSource: 'reported',
      costMicroUsd: 5,
    });
  });

  it('C semantic-cache: asks the model whatever fails, and counts it', async () => {
    const answered = async (context: string) => {
      const { response, status } = await ask(context, 'failing 0');
      return [response.status, status];
    };
    expect(await answered('longer')).toEqual([200, null]);
    expect(await answered('elsewhere')).toEqual([200, null]);
    vectors.script = (_request, response) => json(response, { data: [] });
    expect(await answered('cached')).toEqual([200, null]);
    vectors.script = (_request, response) => json(response, {}, 500);
    expect(await answered('cached')).toEqual([200, null]);
    vectors.script = () => undefined;
    const startedAt = performance.now();
    expect(await answered('cached')).toEqual([200, null]);
    expect(performance.now() - startedAt).toBeLessThan(3_500);
    expect(await gateway.metric('penstock_semantic_cache_total{result="embedding-failed"}')).toBe(5);
    expect((await ask('cached', 'x'.repeat(40_000))).response.status).toBe(200);
    expect(await gateway.metric('penstock_semantic_cache_total{result="skipped"}')).toBe(1);
  });

  it('A5.5: C semantic-cache: asks nobody for embeddings whose access control denies them', async () => {
    const { response, status } = await ask('closed', 'closed 0');
    expect([response.status, status, vectors.received.length]).toEqual([200, null, 0]);
  });

  it('C semantic-cache: asks the model while Redis is lost', async () => {
    await redis.stop();
    const { response, status } = await ask('cached', 'how are you 0');
    expect([response.status, status]).toEqual([200, null]);
    expect(await gateway.metric('penstock_semantic_cache_total{result="store-failed"}')).toBe(1);
  });
});
