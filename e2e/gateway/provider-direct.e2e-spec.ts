import http from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { SnapshotPolicy } from '@penstock/contracts';
import { type PrivateRedis, startPrivateRedis } from '@penstock/testing';
import OpenAI from 'openai';
import { GatewayProcess } from './support/gateway-process.ts';
import { ScriptedUpstream } from './support/scripted-upstream.ts';
import { snapshotLimits, TestConfig, UPSTREAM_CREDENTIAL } from './support/test-config.ts';
import { usageOf } from './support/usage-stream.ts';
import { answerAsVendor } from './support/vendor-answers.ts';

interface ChatAnswer {
  readonly choices: readonly { readonly message: { readonly content: string } }[];
}
interface ErrorAnswer {
  readonly error?: { readonly code: string };
}

const body = { model: 'm', messages: [{ role: 'user', content: 'hi' }] };
const NOT_FOUND = '{"message": "Resource not found."}';
let redis: PrivateRedis;
let upstream: ScriptedUpstream;
let gateway: GatewayProcess;
let ownKey: string;
let ordinaryKey: string;
let otherKey: string;
let limitedKey: string;

const policy = (name: string, params: SnapshotPolicy['params'] = {}, paths?: SnapshotPolicy['paths']) => ({
  name,
  condition: null,
  params,
  paths: paths ?? null,
});
const only = (...exceptions: readonly (readonly [string, string])[]) => ({
  mode: 'deny_all' as const,
  exceptions: exceptions.map(([method, path]) => ({ path, methods: [method] })),
});

beforeAll(async () => {
  [redis, upstream] = await Promise.all([startPrivateRedis(), ScriptedUpstream.start()]);
  const config = new TestConfig();
  const bare = `http://127.0.0.1:${upstream.port}`;
  const providers = ['openai', 'keyed', 'anthropic', 'gemini', 'hosted', 'limited', 'azure', 'azure-v1', 'bedrock'];
  providers.push('guarded', 'guarded-bedrock', 'closed-bedrock');
  config.provider('openai', upstream.url, {
    template: 'openai',
    context: '/openai',
    policies: [
      policy('set-headers', {
        requestHeaders: [{ name: 'x-once', value: 'yes' }],
        responseHeaders: [{ name: 'x-answered', value: 'yes' }],
      }),
    ],
  });
  config.provider('keyed', upstream.url, {
    template: 'openai',
    context: '/keyed',
    accessControl: only(['POST', '/chat/completions'], ['GET', '/models']),
    policies: [
      policy('api-key-auth', {}, [
        { path: '/chat/completions', methods: ['POST'], params: { key: 'X-Own-Key', in: 'header' } },
      ]),
    ],
  });
  config.provider('anthropic', bare, {
    template: 'anthropic',
    dialect: 'anthropic',
    context: '/anthropic',
    credential: { header: 'x-api-key', value: 'sk-ant' },
    accessControl: only(['POST', '/v1/messages']),
  });
  config.provider('gemini', bare, {
    template: 'gemini',
    dialect: 'gemini',
    context: '/gemini',
    credential: { header: 'x-goog-api-key', value: 'goog' },
    accessControl: only(['POST', '/v1beta/models/{model}:generateContent']),
  });
  config.provider('azure', bare, {
    template: 'azure-openai',
    context: '/azure',
    models: ['m'],
    apiVersion: '2024-10-21',
    credential: { header: 'api-key', value: 'azure-key' },
    accessControl: only(['POST', '/openai/deployments/{deployment}/chat/completions']),
    policies: [
      policy('api-key-auth', {}, [
        {
          path: '/openai/deployments/{deployment}/chat/completions',
          methods: ['POST'],
          params: { key: 'X-API-Key', in: 'header' },
        },
      ]),
    ],
  });
  config.provider('azure-v1', bare, {
    template: 'azure-openai',
    context: '/azure-v1',
    accessControl: only(['POST', '/openai/deployments/{deployment}/chat/completions']),
  });
  config.provider('bedrock', bare, {
    template: 'awsbedrock',
    dialect: 'bedrock-converse',
    context: '/bedrock',
    models: [{ id: 'claude', upstreamModel: 'anthropic.claude-v2:0', profile: {}, limits: [] }],
    accessControl: only(['POST', '/model/{modelId}/converse']),
    policies: [policy('regex-guardrail', { request: { enabled: true, regex: 'secret', invert: true } })],
  });
  const guard = { request: { enabled: true, regex: 'secret', invert: true } };
  const guardAt = (path: string) => [policy('regex-guardrail', {}, [{ path, methods: ['POST'], params: guard }])];
  config.provider('guarded', `${bare}/v3`, {
    template: 'openai',
    context: '/guarded',
    policies: [
      ...guardAt('/v3/chat/completions'),
      policy('api-key-auth', {}, [
        {
          path: '/chat/completions',
          methods: ['POST'],
          params: { key: 'Authorization', in: 'header', valuePrefix: 'Bearer ' },
        },
      ]),
    ],
  });
  const versioned: Partial<Parameters<TestConfig['provider']>[2]> = {
    template: 'awsbedrock',
    dialect: 'bedrock-converse',
    models: [{ id: 'claude', upstreamModel: 'anthropic.claude-v2:0', profile: {}, limits: [] }],
  };
  const ofVersion = '/model/anthropic.claude-v2:0/converse';
  config.provider('guarded-bedrock', bare, { ...versioned, context: '/guarded-bedrock', policies: guardAt(ofVersion) });
  const closed = config.provider('closed-bedrock', bare, {
    ...versioned,
    context: '/closed-bedrock',
    accessControl: { mode: 'allow_all', exceptions: [{ path: ofVersion, methods: ['POST'] }] },
  });
  config.proxy('closed-proxy', '/closed-proxy', [closed]);
  const unlisted = config.provider('unlisted', upstream.url, {
    models: null,
    accessControl: only(['POST', '/chat/completions']),
  });
  const listed = config.provider('listed', upstream.url, {
    models: null,
    accessControl: only(['POST', '/chat/completions'], ['GET', '/models']),
  });
  config.proxy('unlisted-proxy', '/unlisted-proxy', [unlisted]);
  config.proxy('listed-proxy', '/listed-proxy', [listed]);
  config.provider('limited', upstream.url, {
    template: 'openai',
    context: '/limited',
    limits: snapshotLimits({ unit: 'requests', window: 'hour', max: 1 }),
  });
  const named = (name: string, vhost?: string) =>
    config.provider(name, upstream.url, {
      context: '/hosted',
      ...(vhost !== undefined && { vhost }),
      policies: [policy('set-headers', { responseHeaders: [{ name: 'x-served-by', value: name }] })],
    });
  named('everywhere');
  named('wildcard', '*.example.com');
  named('exact', 'API.example.com');
  const hidden = config.provider('hidden', upstream.url);
  config.proxy('hosted-proxy', '/only', [hidden], { vhost: 'only.example.com' });
  config.proxy('hosted-elsewhere', '/only', [hidden], { vhost: 'Only.example.org' });
  ownKey = config.key('own', { proxies: [], providers: [...providers, 'everywhere', 'wildcard', 'exact'] });
  ordinaryKey = config.key('ordinary');
  otherKey = config.key('other', { proxies: [], providers: ['anthropic'] });
  limitedKey = config.key('limited', {
    proxies: [],
    providers: ['openai'],
    limits: snapshotLimits({ unit: 'requests', window: 'hour', max: 1 }),
  });
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
  upstream.script = answerAsVendor;
});

const codeOf = async (response: Response) => [response.status, ((await response.json()) as ErrorAnswer).error?.code];

describe('a provider that is called without a proxy', () => {
  it('A5.1: serves its models by either name, with and without the version, through its policies once', async () => {
    for (const path of ['/openai/chat/completions', '/openai/v1/chat/completions']) {
      for (const model of ['m', 'up/m']) {
        const response = await gateway.post(path, ownKey, { ...body, model });
        expect([response.status, response.headers.get('x-answered')]).toEqual([200, 'yes']);
        expect(upstream.last.path).toBe('/v1/chat/completions');
        expect(upstream.last.json.model).toBe('up/m');
        expect(upstream.last.headers).toMatchObject({ authorization: UPSTREAM_CREDENTIAL, 'x-once': 'yes' });
      }
    }
  });

  it('A5.1: takes keys of its own alone', async () => {
    expect(await codeOf(await gateway.post('/openai/chat/completions', ordinaryKey, body))).toEqual([
      403,
      'proxy_not_allowed',
    ]);
    expect((await gateway.post('/openai/chat/completions', otherKey, body)).status).toBe(403);
    expect((await gateway.post('/openai/chat/completions', 'nonsense', body)).status).toBe(401);
    expect((await gateway.post('/only/v1/chat/completions', ownKey, body)).status).toBe(404);
    expect(upstream.received).toHaveLength(0);
  });

  it('A5.1: reads the key where its own policy says', async () => {
    const headers = { authorization: '', 'x-own-key': ownKey };
    const response = await gateway.post('/keyed/chat/completions', '', body, { headers });
    expect(response.status).toBe(200);
    const usual = await gateway.post('/keyed/chat/completions', ownKey, body);
    expect([usual.status, await usual.json()]).toEqual([
      401,
      { error: 'Unauthorized', message: 'Valid API key required' },
    ]);
  });

  it('A5.5: lets through what its access control lets through, by the path of the caller', async () => {
    const denied = await gateway.post('/keyed/v1/embeddings', ownKey, { model: 'm', input: 'x' });
    expect([denied.status, await denied.text()]).toEqual([404, NOT_FOUND]);
    expect((await gateway.get('/keyed/models', ownKey)).status).toBe(200);
    expect((await gateway.get('/keyed/models/m', ownKey)).status).toBe(404);
    const sent = { ...body, max_tokens: 10 };
    expect((await gateway.post('/anthropic/v1/messages', ownKey, sent)).status).toBe(200);
    expect(upstream.last.headers['x-api-key']).toBe('sk-ant');
    expect((await gateway.post('/anthropic/v1/chat/completions', ownKey, body)).status).toBe(404);
    const contents = { contents: [{ role: 'user', parts: [{ text: 'hi' }] }] };
    const generate = (model: string, method: string) =>
      gateway.post(`/gemini/v1beta/models/${model}:${method}`, ownKey, contents);
    expect((await generate('m', 'generateContent')).status).toBe(200);
    expect((await generate('m', 'streamGenerateContent')).status).toBe(404);
    expect((await generate('m%3AstreamGenerateContent', 'generateContent')).status).toBe(404);
    expect((await generate('..%2F..%2Fm', 'generateContent')).status).toBe(404);
  });

  it("A5.1: serves Azure's own paths: the deployment in the path is the model", async () => {
    const { messages } = body;
    const ask = (path: string, sent: object) => {
      const headers = { authorization: '', 'x-api-key': ownKey };
      return gateway.post(`/azure/openai/deployments/${path}?api-version=2024-10-21`, '', sent, { headers });
    };
    const response = await ask('up%2Fm/chat/completions', { messages });
    expect([response.status, ((await response.json()) as ChatAnswer).choices[0]?.message.content]).toEqual([
      200,
      'Hello',
    ]);
    expect(upstream.last.path).toBe('/openai/deployments/up%2Fm/chat/completions?api-version=2024-10-21');
    expect(upstream.last.headers['api-key']).toBe('azure-key');
    expect((await ask('m/chat/completions', { messages, model: 'another' })).status).toBe(200);
    expect((await ask('other/chat/completions', { messages })).status).toBe(404);
    const denied = await ask('m/embeddings', { input: 'x' });
    expect([denied.status, await denied.text()]).toEqual([404, NOT_FOUND]);
    expect((await ask('m/nothing', {})).status).toBe(404);
    // The same operation where the vendor is asked by its v1 API.
    expect((await gateway.post('/azure-v1/chat/completions', ownKey, body)).status).toBe(200);
    expect(upstream.last.path).toBe('/openai/v1/chat/completions');
  });

  it("A5.1: serves Bedrock's own path, with usage and policies", async () => {
    const ask = (model: string, text = 'hi', id = 'direct-converse') =>
      gateway.post(
        `/bedrock/model/${model}/converse`,
        ownKey,
        { messages: [{ role: 'user', content: [{ text }] }] },
        { headers: { 'x-request-id': id } },
      );
    for (const model of ['claude', 'anthropic.claude-v2%3A0', 'anthropic.claude-v2:0']) {
      const response = await ask(model);
      expect([response.status, await response.json()]).toEqual([
        200,
        expect.objectContaining({ output: { message: { role: 'assistant', content: [{ text: 'Hello' }] } } }),
      ]);
      expect(upstream.last.path).toBe('/model/anthropic.claude-v2%3A0/converse');
    }
    expect(await usageOf(redis.url, 'direct-converse')).toMatchObject({
      dialect: 'bedrock-converse',
      modelId: 'claude',
      usage: { inputTokens: 11, outputTokens: 7 },
    });
    expect((await ask('claude', 'my secret')).status).toBe(422);
    expect((await ask('other')).status).toBe(404);
    expect((await gateway.post('/bedrock/model/claude/converse-stream', ownKey, {})).status).toBe(404);
  });

  it.each([
    ['/guarded/v1/chat/completions', {}],
    ['/guarded/v3/chat/completions', { status: 404 }],
    ['/guarded/v1/messages', { max_tokens: 10 }],
    ['/guarded/v1beta/models/m:generateContent', { contents: [{ role: 'user', parts: [{ text: 'my secret' }] }] }],
    ['/guarded-bedrock/model/anthropic.claude-v2:0/converse', {}],
    ['/guarded-bedrock/model/anthropic.claude-v2%3A0/converse', {}],
    ['/guarded-bedrock/model/anthropic%2Eclaude-v2:0/converse', {}],
    ['/guarded-bedrock/model/claude/converse', {}],
    ['/guarded-bedrock/v1/chat/completions', { model: 'claude' }],
  ])('A5.1: policies of what the vendor is asked hold at %s as well', async (path, more) => {
    const { status = 422, ...sent } = more as { status?: number };
    const content = path.endsWith('converse') ? [{ text: 'my secret' }] : 'my secret';
    const messages = [{ role: 'user', content }];
    expect((await gateway.post(path, ownKey, { ...body, messages, ...sent })).status).toBe(status);
    expect(upstream.received).toHaveLength(0);
  });

  it('A5.1: what the path of the caller does not say is no key of another kind', async () => {
    expect((await gateway.post('/guarded/v1/messages', ownKey, { ...body, max_tokens: 10 })).status).toBe(200);
    expect((await gateway.post('/guarded/v1/messages', ordinaryKey, { ...body, max_tokens: 10 })).status).toBe(403);
  });

  it('A5.5: what the vendor is asked for is denied however it is written', async () => {
    const conversation = { messages: [{ role: 'user', content: [{ text: 'hi' }] }] };
    for (const model of ['claude', 'anthropic.claude-v2:0', 'anthropic.claude-v2%3A0']) {
      const denied = await gateway.post(`/closed-bedrock/model/${model}/converse`, ownKey, conversation);
      expect([denied.status, await denied.text()]).toEqual([404, NOT_FOUND]);
    }
    for (const [path, key] of [
      ['/closed-bedrock', ownKey],
      ['/closed-proxy', ordinaryKey],
    ] as const) {
      const denied = await gateway.post(`${path}/v1/chat/completions`, key, { ...body, model: 'claude' });
      expect([denied.status, await denied.text()]).toEqual([404, NOT_FOUND]);
    }
    expect(upstream.received).toHaveLength(0);
  });

  it("A5.5: the vendor's list of models is asked for only where access control lets it through", async () => {
    for (const [name, asked] of [
      ['unlisted', 0],
      ['listed', 1],
    ] as const) {
      expect((await gateway.get(`/${name}-proxy/v1/models`, ordinaryKey)).status).toBe(200);
      expect(upstream.received.filter(({ path }) => path === '/v1/models')).toHaveLength(asked);
    }
  });

  it('A5.1: meets the limits of the key and of the provider', async () => {
    const statuses = async (path: string, key: string) => [
      (await gateway.post(path, key, body)).status,
      (await gateway.post(path, key, body)).status,
    ];
    expect(await statuses('/openai/chat/completions', limitedKey)).toEqual([200, 429]);
    expect(await statuses('/limited/chat/completions', ownKey)).toEqual([200, 429]);
  });

  it('A5.1: is metered with the provider and no proxy', async () => {
    const id = 'direct-metered';
    await gateway.post('/openai/chat/completions', ownKey, body, { headers: { 'x-request-id': id } });
    const event = await usageOf(redis.url, id);
    expect(event).toMatchObject({ proxyId: null, proxyName: null, providerName: 'openai', modelId: 'm' });
  });

  it('A5.1: serves an SDK that is pointed at its context', async () => {
    const client = new OpenAI({ baseURL: `${gateway.url}/openai`, apiKey: ownKey });
    const answer = await client.chat.completions.create({ model: 'm', messages: [{ role: 'user', content: 'hi' }] });
    expect(answer.choices[0]?.message.content).toBe('Hello');
    const stream = await client.chat.completions.create({
      model: 'm',
      messages: [{ role: 'user', content: 'hi' }],
      stream: true,
    });
    let text = '';
    for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? '';
    expect(text).toBe('Hello');
  });
});

describe('hosts', () => {
  const ask = (host: string, path = '/hosted/chat/completions', key = ownKey): Promise<http.IncomingMessage> =>
    new Promise((resolve, reject) => {
      const headers = { host, authorization: `Bearer ${key}`, 'content-type': 'application/json' };
      const request = http.request(`${gateway.url}${path}`, { method: 'POST', headers }, (response) => {
        response.resume();
        response.on('end', () => resolve(response));
      });
      request.on('error', reject);
      request.end(JSON.stringify(body));
    });

  it.each([
    ['api.example.com', 'exact'],
    ['API.Example.COM:8080', 'exact'],
    ['other.example.com', 'wildcard'],
    ['a.b.example.com:1', 'wildcard'],
    ['example.com', 'everywhere'],
    ['127.0.0.1', 'everywhere'],
  ])('A5.8: %s reaches %s', async (host, served) => {
    const response = await ask(host);
    expect([response.statusCode, response.headers['x-served-by']]).toEqual([200, served]);
  });

  it('A5.8: a proxy with a host is there alone', async () => {
    const path = '/only/v1/chat/completions';
    expect((await ask('only.example.com', path, ordinaryKey)).statusCode).toBe(200);
    expect((await ask('only.example.org', path, ordinaryKey)).statusCode).toBe(200);
    expect((await ask('other.example.com', path, ordinaryKey)).statusCode).toBe(404);
    expect((await ask('only.example.com')).headers['x-served-by']).toBe('wildcard');
  });
});
