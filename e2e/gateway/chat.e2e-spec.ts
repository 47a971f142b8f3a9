import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type PrivateRedis, startPrivateRedis } from '@penstock/testing';
import OpenAI from 'openai';
import { GatewayProcess } from './support/gateway-process.ts';
import { ScriptedUpstream, USAGE } from './support/scripted-upstream.ts';
import { TestConfig, UPSTREAM_CREDENTIAL } from './support/test-config.ts';
import { usageOf } from './support/usage-stream.ts';

const messages = [{ role: 'user' as const, content: 'Say hello' }];
let redis: PrivateRedis;
let upstream: ScriptedUpstream;
let gateway: GatewayProcess;
let key = '';
let narrowKey = '';
let otherProxyKey = '';

beforeAll(async () => {
  [redis, upstream] = await Promise.all([startPrivateRedis(), ScriptedUpstream.start()]);
  const config = new TestConfig();
  const lab = config.provider('lab', upstream.url, { models: ['m', 'n'] });
  const open = config.provider('open', upstream.url.replace('/v1', ''), { models: null });
  const routed = [{ name: 'smart', targets: [{ providerId: lab.id, model: 'm', weight: 1, priority: 0 }] }];
  config.proxy('root', '/', [lab, open], { models: routed });
  config.proxy('shop', '/shop', [open]);
  config.proxy('public', '/public', [lab], { authentication: 'none' });
  key = config.key('app');
  narrowKey = config.key('narrow', { models: ['n'] });
  otherProxyKey = config.key('shop-only', { proxies: ['shop'] });
  await config.publish(redis.url);
  gateway = await GatewayProcess.start({ REDIS_URL: redis.url });
});

afterAll(async () => {
  await gateway?.dispose();
  upstream?.stop();
  await redis?.dispose();
});

describe('POST /v1/chat/completions', () => {
  it('passes a request on with the upstream model and credential, and the answer back', async () => {
    const response = await gateway.post('/v1/chat/completions', key, { model: 'm', messages, future_field: { a: 1 } });
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ choices: [{ message: { content: 'Hello' } }], usage: USAGE });
    expect(upstream.last.json).toEqual({ model: 'up/m', messages, future_field: { a: 1 } });
    expect(upstream.last.headers).toMatchObject({ authorization: UPSTREAM_CREDENTIAL, 'accept-encoding': 'identity' });
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'application/json',
      'x-penstock-provider': 'lab',
      'x-penstock-model': 'm',
      'x-penstock-attempts': '1',
    });
    expect(Number(response.headers.get('x-penstock-overhead-ms'))).toBeGreaterThan(0);
    expect(response.headers.has('server')).toBe(false);
  });

  it('streams, and keeps the usage chunk to itself when the caller did not ask for it', async () => {
    const response = await gateway.post('/v1/chat/completions', key, { model: 'm', messages, stream: true });
    const text = await response.text();
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    expect(upstream.last.json.stream_options).toEqual({ include_usage: true });
    expect(text).toContain('"content":"Hel"');
    expect(text).not.toContain('prompt_tokens');
    expect(text.endsWith('data: [DONE]\n\n')).toBe(true);
  });

  it('writes the usage that the upstream reported, with its cost', async () => {
    const headers = { 'x-request-id': 'my-request.1' };
    const response = await gateway.post(
      '/v1/chat/completions',
      key,
      { model: 'm', messages, stream: true },
      { headers },
    );
    await response.text();
    expect(response.headers.get('x-request-id')).toBe('my-request.1');
    expect(await usageOf(redis.url, 'my-request.1')).toMatchObject({
      virtualKeyName: 'app',
      proxyName: 'root',
      providerName: 'lab',
      requestedModel: 'm',
      upstreamModel: 'up/m',
      stream: true,
      outcome: 'completed',
      usage: { inputTokens: 11, outputTokens: 7 },
      usageSource: 'reported',
      costMicroUsd: 25,
    });
  });

  it('does not echo a request id that could be anything', async () => {
    const response = await gateway.post(
      '/v1/chat/completions',
      key,
      { model: 'm', messages },
      { headers: { 'x-request-id': 'a b"c' } },
    );
    expect(response.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });

  it("works with OpenAI's official client unchanged", async () => {
    const client = new OpenAI({ apiKey: key, baseURL: `${gateway.url}/v1`, maxRetries: 0 });
    const answer = await client.chat.completions.create({ model: 'm', messages });
    expect(answer.choices[0]?.message.content).toBe('Hello');
    const stream = await client.chat.completions.create({
      model: 'm',
      messages,
      stream: true,
      stream_options: { include_usage: true },
    });
    let text = '';
    let tokens = 0;
    for await (const part of stream) {
      text += part.choices[0]?.delta.content ?? '';
      tokens = part.usage?.total_tokens ?? tokens;
    }
    expect([text, tokens]).toEqual(['Hello', 18]);
    expect((await client.embeddings.create({ model: 'm', input: 'x' })).data).toHaveLength(1);
  });

  it.each([
    ['/v1/chat/completions', 'smart', {}, 'up/m'],
    ['/v1/chat/completions', 'open/any/name', {}, 'any/name'],
    ['/v1/chat/completions', 'm', { 'x-provider': 'open' }, 'm'],
    ['/chat/completions', 'm', {}, 'up/m'],
    ['/shop/v1/chat/completions', 'whatever', {}, 'whatever'],
    ['/shop/chat/completions?x=1', 'whatever', {}, 'whatever'],
  ])('%s finds model %s with %j', async (path, model, headers, upstreamModel) => {
    const response = await gateway.post(path, key, { model, messages }, { headers });
    expect([response.status, upstream.last.json.model]).toEqual([200, upstreamModel]);
    expect(upstream.last.headers['x-provider']).toBeUndefined();
    expect(upstream.last.path).toBe('/v1/chat/completions');
  });
});

describe('credentials', () => {
  const ask = (headers: Record<string, string>, path = '/v1/chat/completions') =>
    fetch(gateway.url + path, {
      method: 'POST',
      body: JSON.stringify({ model: 'm', messages }),
      headers: { 'content-type': 'application/json', ...headers },
    });
  const codeOf = async (response: Response) => ((await response.json()) as { error: { code: string } }).error.code;

  it.each(['authorization', 'x-api-key', 'api-key', 'x-goog-api-key'])('are taken from %s', async (name) => {
    expect((await ask({ [name]: name === 'authorization' ? `bEARER ${key}` : key })).status).toBe(200);
  });

  it('must be there', async () => {
    const response = await ask({});
    expect([response.status, await codeOf(response)]).toEqual([401, 'missing_api_key']);
    expect(response.headers.get('www-authenticate')).toBe('Bearer');
  });

  it.each(['psk_000000000000_0000000000000000000000000000000000000000000_000000', 'nonsense', "' OR '1'='1"])(
    'are refused alike when they are wrong: %s',
    async (wrong) => {
      const response = await ask({ authorization: `Bearer ${wrong}` });
      expect(response.status).toBe(401);
      expect(await response.json()).toEqual({
        error: {
          message: 'Incorrect API key provided.',
          type: 'invalid_request_error',
          param: null,
          code: 'invalid_api_key',
        },
      });
    },
  );

  it('of another scheme are refused', async () => {
    expect(await codeOf(await ask({ authorization: 'Basic dXNlcjpwYXNz' }))).toBe('invalid_api_key');
  });

  it('may be shown twice, but not two of them', async () => {
    expect((await ask({ authorization: `Bearer ${key}`, 'x-api-key': key })).status).toBe(200);
    const response = await ask({ authorization: `Bearer ${key}`, 'x-api-key': narrowKey });
    expect([response.status, await codeOf(response)]).toEqual([400, 'ambiguous_credentials']);
  });

  it('are not needed at an open proxy', async () => {
    expect((await ask({}, '/public/v1/chat/completions')).status).toBe(200);
  });

  it('open only the proxies and models that they are for', async () => {
    expect(await codeOf(await ask({ authorization: `Bearer ${otherProxyKey}` }))).toBe('proxy_not_allowed');
    const unknown = await gateway.post(
      '/v1/chat/completions',
      key,
      { model: 'nope', messages },
      { headers: { 'x-provider': 'lab' } },
    );
    const forbidden = await gateway.post('/v1/chat/completions', narrowKey, { model: 'm', messages });
    expect([unknown.status, forbidden.status]).toEqual([404, 404]);
    const bodies = [await unknown.text(), await forbidden.text()];
    expect(bodies[1]).toBe(bodies[0]?.replace('nope', 'm'));
  });
});

describe('the other routes', () => {
  const models = async (path: string, secret: string) => {
    const response = await fetch(gateway.url + path, { headers: { authorization: `Bearer ${secret}` } });
    return { status: response.status, body: (await response.json()) as { data?: { id: string }[]; id?: string } };
  };

  it('lists what a key may use, with what open providers list', async () => {
    const { body } = await models('/v1/models', key);
    expect(body.data?.map(({ id }) => id)).toEqual(['smart', 'm', 'n', 'open/listed-1', 'open/listed-2']);
    expect((await models('/v1/models', narrowKey)).body.data?.map(({ id }) => id)).toEqual(['n']);
    expect((await models('/shop/models', key)).body.data?.map(({ id }) => id)).toEqual(['listed-1', 'listed-2']);
  });

  it('shows one model, whatever its name', async () => {
    expect((await models('/v1/models/open/listed-1', key)).body.id).toBe('open/listed-1');
    expect((await models('/v1/models/open%2Flisted-1', key)).body.id).toBe('open/listed-1');
    expect((await models('/v1/models/m', narrowKey)).status).toBe(404);
  });

  it.each([
    ['HEAD', '/', 200],
    ['HEAD', '/api/hello', 200],
    ['GET', '/api/hello', 200],
    ['HEAD', '/shop', 200],
    ['GET', '/health', 200],
    ['GET', '/ready', 200],
    ['GET', '/v1/responses', 426],
    ['GET', '/', 405],
    ['GET', '/v1/chat/completions', 405],
    ['DELETE', '/v1/models', 405],
    ['GET', '/nothing', 404],
    ['POST', '/shop/v1/nothing', 404],
  ])('%s %s is answered with %i', async (method, path, status) => {
    const response = await fetch(gateway.url + path, { method });
    expect(response.status).toBe(status);
    if (status === 405) expect(response.headers.get('allow')).not.toBeNull();
  });

  it('counts with bounded labels', async () => {
    await fetch(`${gateway.url}/some/made-up/path-${Date.now()}`);
    const text = await (await fetch(`${gateway.operationsUrl}/metrics`)).text();
    expect(text).toContain(
      'penstock_requests_total{route="/v1/chat/completions",method="POST",status="200",provider="lab",proxy="root"}',
    );
    expect(text).toContain('route="unmatched"');
    expect(text).not.toContain('made-up');
    expect(text).toContain('penstock_usage_dropped_total 0');
  });
});
