import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { deriveKeys, openCredential } from '@penstock/secrets';
import { PrismaService } from '../prisma/prisma.service.ts';
import * as documents from '../testing/documents.ts';
import { startTestApp, TEST_MASTER_KEY, type TestApp } from '../testing/test-app.ts';

const SECRET = 'Bearer sk-very-secret-credential-4711';
let app: TestApp;
let upstream: Server;
let upstreamUrl: string;
const presented: (string | undefined)[] = [];
beforeAll(async () => {
  app = await startTestApp();
  upstream = createServer((request, response) => {
    presented.push(request.headers.authorization);
    if (request.url === '/slow/models') return;
    if (request.url === '/moved/v1/models') return void response.writeHead(302, { location: 'http://10.0.0.1/' }).end();
    const status = request.headers.authorization === SECRET ? 200 : 401;
    response.writeHead(request.url === '/v1/models' ? status : 404);
    response.end(JSON.stringify({ object: 'list', data: [{ id: 'qwen' }, { id: 'llama' }] }));
  });
  await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve));
  upstreamUrl = `http://127.0.0.1:${(upstream.address() as AddressInfo).port}/v1`;
});
afterAll(async () => {
  await app.stop();
  upstream.closeAllConnections();
  upstream.close();
});

const client = () => app.nest.get(PrismaService).client;
const auth = (value?: string) => ({ type: 'api-key', header: 'Authorization', ...(value !== undefined && { value }) });

describe('a credential', () => {
  it('is sealed, and no answer, audit row or revision ever shows it', async () => {
    const created = await app.call('POST', '/llm-providers', { body: documents.providerWithSecret('sealed', SECRET) });
    expect(created.body.spec.upstream.auth).toEqual({ type: 'api-key', header: 'Authorization' });
    expect(created.body.status.credential).toMatchObject({ lastFour: '4711' });
    const texts = [
      created.text,
      (await app.call('GET', '/llm-providers/sealed')).text,
      (await app.call('GET', '/llm-providers')).text,
      (await app.call('GET', '/audit-events')).text,
      (await app.call('GET', '/config/diff?from=1&to=2')).text,
      JSON.stringify(await client().credential.findMany()),
      JSON.stringify(await client().llmProvider.findMany()),
    ];
    for (const text of texts) expect(text).not.toContain('very-secret');
    const row = await client().credential.findFirstOrThrow({ include: { provider: true } });
    const owner = { organizationId: row.organizationId, providerId: row.providerId };
    expect(openCredential(row.sealedValue, deriveKeys(TEST_MASTER_KEY), owner)).toBe(SECRET);
  });

  it('is shown not even in part when it is short', async () => {
    const { body } = await app.call('POST', '/llm-providers', {
      body: documents.providerWithSecret('short', 'Bearer x'),
    });
    expect(body.status.credential.lastFour).toBe('');
  });

  it('stays when a document comes back without it, is replaced by a new one, and goes with `none`', async () => {
    await app.call('POST', '/llm-providers', { body: documents.providerWithSecret('kept', SECRET) });
    const sealed = async () =>
      (await client().credential.findFirst({ where: { provider: { name: 'kept' } } }))?.sealedValue;
    const before = await sealed();
    const { body } = await app.call('GET', '/llm-providers/kept');
    expect((await app.call('PUT', '/llm-providers/kept', { body })).status).toBe(200);
    expect(await sealed()).toBe(before);
    await app.call('PATCH', '/llm-providers/kept', {
      body: { spec: { upstream: { auth: auth('another-long-secret') } } },
    });
    expect(await sealed()).not.toBe(before);
    const none = await app.call('PATCH', '/llm-providers/kept', {
      body: { spec: { upstream: { auth: { type: 'none' } } } },
    });
    expect(none.body.status.credential).toBeNull();
    expect(await sealed()).toBeUndefined();
  });

  it('must be entered again for another URL', async () => {
    await app.call('POST', '/llm-providers', { body: documents.providerWithSecret('moving', SECRET) });
    const move = (upstreamSpec: object) =>
      app.call('PATCH', '/llm-providers/moving', { body: { spec: { upstream: upstreamSpec } } });
    const elsewhere = 'http://127.0.0.1:18001/v1';
    expect(await move({ url: elsewhere })).toMatchObject({ status: 422, body: { code: 'secret_required' } });
    const put = await app.call('PUT', '/llm-providers/moving', {
      body: documents.provider('moving', { upstream: { url: elsewhere, auth: auth() } }),
    });
    expect(put).toMatchObject({ status: 422, body: { code: 'secret_required' } });
    expect((await move({ url: 'http://127.0.0.1:18000/v1/' })).status).toBe(200);
    expect((await move({ url: elsewhere, auth: auth(SECRET) })).status).toBe(200);
  });

  it('is required when none is stored', async () => {
    const body = documents.provider('empty', { upstream: { url: upstreamUrl, auth: auth() } });
    const answer = await app.call('POST', '/llm-providers', { body });
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ field: 'spec.upstream.auth.value' }] } });
  });
});

describe('an upstream URL', () => {
  it.each([
    'http://169.254.169.254/latest/meta-data',
    'http://[::ffff:169.254.169.254]/',
    'http://0xa9fea9fe/',
    'http://2852039166/',
    'http://169.254.170.2/',
    'http://100.100.100.200/',
    'http://[fd00:ec2::254]/',
    'http://metadata.google.internal/',
    'http://metadata.google.internal./',
    'http://10.0.0.1/v1',
    'http://192.168.1.1/v1',
    'http://[::1]/v1',
    'http://0.0.0.0/v1',
    'http://[fe80::1]/',
    'http://[::ffff:10.0.0.1]/',
  ])('%s is refused with 422', async (url) => {
    const answer = await app.call('POST', '/llm-providers', {
      body: documents.provider('ssrf', { upstream: { url } }),
    });
    expect(answer).toMatchObject({
      status: 422,
      body: { code: 'url_not_allowed', errors: [{ field: 'spec.upstream.url' }] },
    });
    const patch = await app.call('PATCH', '/llm-providers/short', {
      body: { spec: { upstream: { url, auth: auth('x'.repeat(20)) } } },
    });
    expect(patch.body.code).toBe('url_not_allowed');
    const draft = await app.call('POST', '/llm-providers/test', { body: { template: 'vllm', upstream: { url } } });
    expect(draft.body).toMatchObject({ ok: false, code: 'not_allowed' });
  });

  it.each([
    'ftp://example.com/',
    'http://user:pw@example.com/',
    'http://example.com/?key=x',
    'http://example.com/#x',
    String.raw`http://127.0.0.1\@example.com/`,
    'http://',
    'example.com',
    'javascript:alert(1)',
  ])('%s is refused with 400', async (url) => {
    const answer = await app.call('POST', '/llm-providers', { body: documents.provider('bad', { upstream: { url } }) });
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ field: 'spec.upstream.url' }] } });
  });

  it('may lie in a range that the operator allows', async () => {
    const body = documents.provider('loopback', { upstream: { url: 'http://127.1:18000/v1' } });
    expect((await app.call('POST', '/llm-providers', { body })).status).toBe(201);
  });
});

describe('a connection test', () => {
  const draft = (upstreamSpec: object) =>
    app.call('POST', '/llm-providers/test', { body: { template: 'vllm', upstream: upstreamSpec } });

  it('proves address and credential, and finds the models', async () => {
    const body = documents.provider('live', { upstream: { url: upstreamUrl, auth: auth(SECRET) } });
    await app.call('POST', '/llm-providers', { body });
    const test = await app.call('POST', '/llm-providers/live/test');
    expect(test).toMatchObject({
      status: 200,
      body: { ok: true, code: 'ok', reason: null, status: 200, models: ['qwen', 'llama'] },
    });
    const models = await app.call('GET', '/llm-providers/live/models');
    expect(models.body).toEqual({ items: [{ id: 'qwen' }, { id: 'llama' }] });
  });

  it('says what is wrong', async () => {
    expect((await draft({ url: upstreamUrl, auth: auth('wrong') })).body).toMatchObject({
      ok: false,
      code: 'unauthorized',
    });
    expect((await draft({ url: 'http://127.0.0.1:1/v1' })).body).toMatchObject({ ok: false, code: 'unreachable' });
    expect((await draft({ url: 'http://nowhere.invalid/v1' })).body.code).toBe('dns');
    expect((await draft({ url: `https${upstreamUrl.slice(4)}` })).body.code).toBe('tls');
    expect((await draft({ url: upstreamUrl.replace('/v1', '/other') })).body.code).toBe('unexpected_answer');
    expect((await draft({ url: upstreamUrl.replace('/v1', '/moved') })).body).toMatchObject({
      code: 'unexpected_answer',
      status: 302,
    });
  });

  it('never sends a stored credential to another address', async () => {
    const elsewhere = upstreamUrl.replace('/v1', '/elsewhere');
    const body = { template: 'vllm', provider: 'live', upstream: { url: elsewhere, auth: auth() } };
    presented.length = 0;
    expect(await app.call('POST', '/llm-providers/test', { body })).toMatchObject({
      status: 422,
      body: { code: 'secret_required' },
    });
    expect(presented).toEqual([]);
    const same = { ...body, upstream: { url: upstreamUrl, auth: auth() } };
    expect((await app.call('POST', '/llm-providers/test', { body: same })).body.ok).toBe(true);
  });
});
