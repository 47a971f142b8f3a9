import http from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { SnapshotPolicy } from '@penstock/contracts';
import { type PrivateRedis, startPrivateRedis, waitUntil } from '@penstock/testing';
import { GatewayProcess } from './support/gateway-process.ts';
import { answerWell, json, ScriptedUpstream } from './support/scripted-upstream.ts';
import { TestConfig } from './support/test-config.ts';

const messages = [{ role: 'user', content: 'hi' }];
const body = { model: 'm', messages };
const ORIGIN = 'https://app.example';
let redis: PrivateRedis;
let upstreams: Record<'first' | 'second' | 'third', ScriptedUpstream>;
let gateway: GatewayProcess;
let key: string;
let otherKey: string;

const policy = (name: string, params: SnapshotPolicy['params'] = {}): SnapshotPolicy => ({
  name,
  condition: null,
  params,
  paths: null,
});

beforeAll(async () => {
  const [own, first, second, third] = await Promise.all([
    startPrivateRedis(),
    ScriptedUpstream.start(),
    ScriptedUpstream.start(),
    ScriptedUpstream.start(),
  ]);
  redis = own;
  upstreams = { first, second, third };
  const config = new TestConfig();
  const providers = [
    config.provider('first', first.url),
    config.provider('second', second.url, { models: ['m', 'big'] }),
    config.provider('third', third.url),
  ];
  const proxy = (name: string, ...policies: SnapshotPolicy[]) =>
    config.proxy(name, `/${name}`, providers, {
      policies,
      models: [{ name: 'm', targets: [{ providerId: providers[0]?.id ?? '', model: 'm', weight: 1, priority: 0 }] }],
    });
  proxy('plain');
  const origins = { allowedOrigins: [ORIGIN, '^https://[a-z]+\\.example\\.com'] };
  proxy('cors', policy('cors', { ...origins, allowCredentials: true, exposedHeaders: ['x-request-id'] }));
  proxy('everybody', policy('cors', { allowedOrigins: ['*'], allowedMethods: ['*'] }));
  config.proxy('posting', '/posting', providers, {
    policies: [
      {
        ...policy('cors'),
        paths: [{ path: '/chat/completions', methods: ['POST'], params: { allowedOrigins: ['*'] } }],
      },
    ],
  });
  proxy('small', policy('request-size', { maxBytes: 200 }));
  proxy('header-key', policy('api-key-auth', { key: 'X-Consumer-Key', in: 'header' }));
  proxy('prefixed-key', policy('api-key-auth', { key: 'X-Consumer-Key', in: 'header', valuePrefix: 'Token' }));
  proxy('query-key', policy('api-key-auth', { key: 'apikey', in: 'query' }));
  config.proxy('open-key', '/open-key', providers, { authentication: 'none', policies: [policy('api-key-auth')] });
  proxy(
    'logged',
    policy('log-message', {
      logRequestPayload: true,
      logRequestHeaders: true,
      excludedRequestHeaders: 'User-Agent',
      logResponsePayload: true,
      logResponseHeaders: true,
    }),
  );
  proxy('quietly-logged', policy('log-message'));
  const targets = [{ provider: 'second', model: 'big' }, { provider: 'third' }];
  proxy('falling', policy('fallback', { targets }));
  proxy('falling-authentication', policy('fallback', { targets, on: ['authentication', 'context-length'] }));
  key = config.key('app');
  otherKey = config.key('other', { proxies: ['plain'] });
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

const ask = (proxy: string, headers: Record<string, string> = {}, sent: unknown = body) =>
  gateway.post(`/${proxy}/v1/chat/completions`, key, sent, { headers });
const asOrigin = (pathname: string, origin: string, headers: Record<string, string> = {}) =>
  fetch(`${gateway.url}${pathname}`, {
    method: 'OPTIONS',
    headers: { origin, 'access-control-request-method': 'POST', ...headers },
  });

describe('C cors', () => {
  it('answers the preflight of an allowed origin itself', async () => {
    const headers = { 'access-control-request-headers': 'authorization, content-type' };
    const response = await asOrigin('/cors/v1/chat/completions', ORIGIN, headers);
    expect([response.status, await response.text()]).toEqual([204, '']);
    const told = Object.fromEntries(response.headers);
    expect(told).toMatchObject({
      'access-control-allow-origin': ORIGIN,
      'access-control-allow-credentials': 'true',
      'access-control-allow-methods': 'GET, POST, PUT, DELETE, OPTIONS',
      'access-control-allow-headers': 'authorization, content-type',
      'access-control-max-age': '3600',
      vary: 'Origin, Access-Control-Request-Method, Access-Control-Request-Headers',
    });
    expect(told['content-type']).toBeUndefined();
    expect(upstreams.first.received).toHaveLength(0);
  });

  it('matches patterns as a whole', async () => {
    const good = await asOrigin('/cors/chat/completions', 'https://shop.example.com');
    expect(good.headers.get('access-control-allow-origin')).toBe('https://shop.example.com');
    for (const origin of ['https://shop.example.com.evil.com', 'https://evil.com', 'null']) {
      const response = await asOrigin('/cors/chat/completions', origin);
      expect([response.status, response.headers.get('access-control-allow-origin')]).toEqual([204, null]);
    }
  });

  it('marks answers, refusals and streams', async () => {
    for (const [headers, sent, status] of [
      [{}, body, 200],
      [{ authorization: 'Bearer wrong' }, body, 401],
      [{}, { ...body, stream: true }, 200],
    ] as const) {
      const response = await ask('cors', { ...headers, origin: ORIGIN }, sent);
      await response.text();
      expect([response.status, response.headers.get('access-control-allow-origin')]).toEqual([status, ORIGIN]);
      expect(response.headers.get('access-control-expose-headers')).toBe('x-request-id');
      expect(response.headers.get('vary')).toBe('Origin');
    }
    const foreign = await ask('cors', { origin: 'https://evil.com' });
    expect([foreign.status, foreign.headers.get('access-control-allow-origin')]).toEqual([200, null]);
  });

  it('marks lists of models', async () => {
    const response = await gateway.get('/cors/v1/models', key, { origin: ORIGIN });
    expect([response.status, response.headers.get('access-control-allow-origin')]).toEqual([200, ORIGIN]);
  });

  it('lets everybody in without credentials', async () => {
    const response = await asOrigin('/everybody/v1/messages', ORIGIN, { 'access-control-request-method': 'PUT' });
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    expect(response.headers.get('access-control-allow-methods')).toBe('PUT');
    expect(response.headers.get('access-control-allow-credentials')).toBeNull();
  });

  it('serves OPTIONS only where the policy holds', async () => {
    const statuses = [];
    for (const pathname of ['/plain/v1/chat/completions', '/posting/v1/chat/completions', '/posting/v1/messages']) {
      statuses.push((await asOrigin(pathname, ORIGIN)).status);
    }
    expect(statuses).toEqual([405, 204, 405]);
  });
});

describe('C request-size', () => {
  it('refuses by what the head says, before it looks at the key', async () => {
    const large = { ...body, user: 'x'.repeat(300) };
    const response = await ask('small', { authorization: 'Bearer wrong' }, large);
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({ error: { code: 'payload_too_large' } });
    expect((await ask('small')).status).toBe(200);
  });

  it('refuses while it reads a body of unknown length', async () => {
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
      const request = http.request(`${gateway.url}/small/v1/chat/completions`, { method: 'POST', headers });
      request.on('response', (response) => response.resume().on('end', () => resolve(response.statusCode)));
      request.on('error', reject);
      request.write('{"model":"m",');
      request.end(`"user":"${'x'.repeat(300)}"}`);
    });
    expect(status).toBe(413);
    expect(upstreams.first.received).toHaveLength(0);
  });
});

describe('C api-key-auth, A5', () => {
  const bare = (pathname: string, headers: Record<string, string>) =>
    fetch(`${gateway.url}${pathname}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
  const path = '/v1/chat/completions';

  it('takes the key from its header, which does not go upstream', async () => {
    expect((await bare(`/header-key${path}`, { 'x-consumer-key': key })).status).toBe(200);
    expect(upstreams.first.last.headers['x-consumer-key']).toBeUndefined();
  });

  it('refuses missing, wrong and foreign keys alike', async () => {
    for (const headers of [{}, { 'x-consumer-key': 'wrong' }, { 'x-consumer-key': otherKey }] as Record<
      string,
      string
    >[]) {
      const response = await bare(`/header-key${path}`, headers);
      expect([response.status, await response.text()]).toEqual([
        401,
        '{"error":"Unauthorized","message":"Valid API key required"}',
      ]);
    }
    expect(upstreams.first.received).toHaveLength(0);
  });

  it('does not take the key from where it usually stands', async () => {
    expect((await bare(`/header-key${path}`, { authorization: `Bearer ${key}` })).status).toBe(401);
    expect((await bare(`/header-key${path}`, { 'x-api-key': key })).status).toBe(401);
    expect((await gateway.get('/header-key/v1/models', key)).status).toBe(401);
    const models = await fetch(`${gateway.url}/header-key/v1/models`, { headers: { 'x-consumer-key': key } });
    expect(models.status).toBe(200);
  });

  it('wants the prefix', async () => {
    const statuses = [];
    for (const value of [`Token ${key}`, `token ${key}`, key, `Bearer ${key}`]) {
      statuses.push((await bare(`/prefixed-key${path}`, { 'x-consumer-key': value })).status);
    }
    expect(statuses).toEqual([200, 200, 401, 401]);
  });

  it('takes the key from the query, once', async () => {
    const statuses = [];
    for (const query of [`?apikey=${key}`, `?apikey=${key}&apikey=${key}`, '?apikey=', '']) {
      statuses.push((await bare(`/query-key${path}${query}`, {})).status);
    }
    expect(statuses).toEqual([200, 401, 401, 401]);
    expect(upstreams.first.last.path).not.toContain(key);
  });

  it('asks for a key at an open proxy', async () => {
    expect((await bare(`/open-key${path}`, {})).status).toBe(401);
    expect((await bare(`/open-key${path}`, { 'api-key': key })).status).toBe(200);
  });
});

describe('C log-message', () => {
  const lineOf = (requestId: string) =>
    waitUntil('the line', () =>
      gateway.output
        .split('\n')
        .filter((line) => line.includes('"msg":"message"'))
        // oxlint-disable-next-line typescript/no-explicit-any -- a test looks into whatever was written
        .map((line) => JSON.parse(line) as any)
        .find((line) => line.requestId === requestId),
    );

  it('writes headers and bodies, and masks credentials', async () => {
    await (await ask('logged', { 'x-request-id': 'logged-1', cookie: 'a=secret-cookie' })).text();
    const line = await lineOf('logged-1');
    expect(line).toMatchObject({
      policy: 'log-message',
      proxy: 'logged',
      method: 'POST',
      route: '/v1/chat/completions',
      status: 200,
      request: { payload: JSON.stringify(body), headers: { authorization: '[redacted]', cookie: '[redacted]' } },
      response: { headers: { 'content-type': 'application/json', 'x-request-id': 'logged-1' } },
    });
    expect(line.request.headers['user-agent']).toBeUndefined();
    expect(JSON.parse(line.response.payload).choices[0].message.content).toBe('Hello');
    expect(gateway.output).not.toContain(key);
    expect(gateway.output).not.toContain('secret-cookie');
  });

  it('writes the text of a stream', async () => {
    await (await ask('logged', { 'x-request-id': 'logged-2' }, { ...body, stream: true })).text();
    expect((await lineOf('logged-2')).response.payload).toBe('Hello');
  });

  it('bounds bodies', async () => {
    const sent = { ...body, messages: [{ role: 'user', content: 'x'.repeat(100_000) }] };
    await (await ask('logged', { 'x-request-id': 'logged-3' }, sent)).text();
    expect((await lineOf('logged-3')).request.payload).toHaveLength(65_537);
  });

  it('writes a line and nothing more where nothing more is asked for', async () => {
    await (await ask('quietly-logged', { 'x-request-id': 'logged-4', authorization: 'Bearer x' })).text();
    expect(await lineOf('logged-4')).toMatchObject({ status: 401, request: {}, response: {} });
  });
});

describe('C fallback', () => {
  const failWith = (name: 'first' | 'second', status: number, error: object = {}): void => {
    upstreams[name].script = (_request, response) => json(response, { error: { message: 'no', ...error } }, status);
  };
  const counts = () => Object.values(upstreams).map(({ received }) => received.length);

  it('tries its targets in order, under their models', async () => {
    failWith('first', 500);
    failWith('second', 502);
    const response = await ask('falling');
    expect([response.status, counts()]).toEqual([200, [1, 1, 1]]);
    expect([upstreams.second.last.json.model, upstreams.third.last.json.model]).toEqual(['up/big', 'up/m']);
    expect(response.headers.get('x-penstock-attempts')).toBe('3');
  });

  it('is not taken for the mistakes of callers', async () => {
    failWith('first', 400);
    expect([(await ask('falling')).status, counts()]).toEqual([400, [1, 0, 0]]);
  });

  it('is taken for what the policy names, and for nothing else', async () => {
    const contextLength = { code: 'context_length_exceeded', type: 'invalid_request_error' };
    failWith('first', 400, contextLength);
    expect([(await ask('falling')).status, counts()]).toEqual([400, [1, 0, 0]]);
    expect([(await ask('falling-authentication')).status, counts()]).toEqual([200, [2, 1, 0]]);
    failWith('first', 401);
    expect((await ask('falling-authentication')).status).toBe(200);
    failWith('first', 500);
    expect((await ask('falling-authentication')).status).toBe(502);
    expect(counts()).toEqual([4, 2, 0]);
  });

  it('is over when an answer has begun', async () => {
    upstreams.first.script = (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(
        'data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"content":"a"},"finish_reason":null}]}\n\n',
      );
      setTimeout(() => response.destroy(), 50);
    };
    const text = await (await ask('falling', {}, { ...body, stream: true })).text();
    expect(text).toContain('"error"');
    expect(counts()).toEqual([1, 0, 0]);
  });
});
