import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ConfigSnapshot, redisNames } from '@penstock/contracts';
import { Redis } from 'ioredis';
import { PrismaService } from '../prisma/prisma.service.ts';
import * as documents from '../testing/documents.ts';
import { startTestApp, type TestApp } from '../testing/test-app.ts';

const redis = new Redis(process.env['REDIS_URL'] ?? 'missing', { lazyConnect: true });
let app: TestApp;
beforeAll(async () => {
  await redis.connect();
  app = await startTestApp();
  await app.call('POST', '/llm-providers', { body: documents.provider('base') });
});
afterAll(async () => {
  await app.stop();
  redis.disconnect();
});

const provider = (name: string, spec: object) =>
  app.call('POST', '/llm-providers', { body: documents.provider(name, spec) });
const proxy = (name: string, spec: object) =>
  app.call('POST', '/llm-proxies', { body: documents.proxy(name, 'base', spec) });
async function published(wanted: string) {
  const text = await redis.get(redisNames.snapshot);
  const { providers } = JSON.parse((JSON.parse(text ?? '{}') as { body: string }).body) as ConfigSnapshot;
  return providers.find(({ name }) => name === wanted);
}
const belongsTo = (owner: string) => ({
  status: 409,
  body: { errors: [{ field: 'spec.context', message: `belongs to ${owner}` }] },
});

describe('A3: the context of a provider', () => {
  it('A3: is free on each host, and the 409 names the proxy or provider that has it', async () => {
    expect((await provider('rooted', { context: '/shared' })).status).toBe(201);
    expect(await provider('second', { context: '/shared' })).toMatchObject(belongsTo("LlmProvider 'rooted'"));
    expect(await proxy('third', { context: '/shared' })).toMatchObject(belongsTo("LlmProvider 'rooted'"));
    expect((await proxy('third', { context: '/shared', vhost: 'A.example' })).body.spec.vhost).toBe('a.example');
    const sameHost = { context: '/shared', vhost: 'a.example' };
    expect(await proxy('fourth', sameHost)).toMatchObject(belongsTo("LlmProxy 'third'"));
    expect(await provider('fourth', sameHost)).toMatchObject(belongsTo("LlmProxy 'third'"));
    expect((await proxy('fourth', { context: '/shared', vhost: '*.example' })).status).toBe(201);
    expect((await provider('without', {})).status).toBe(201);
    expect((await provider('without-either', {})).status).toBe(201);
    await app.call('DELETE', '/llm-providers/rooted');
    expect((await provider('second', { context: '/shared' })).status).toBe(201);
    expect((await app.call('PUT', '/llm-providers/second', { body: documents.provider('second') })).status).toBe(200);
    expect((await proxy('fifth', { context: '/shared' })).status).toBe(201);
  });

  it("A3: takes no requests from another organization's, neither by a host nor by a longer path", async () => {
    const { client } = app.nest.get(PrismaService);
    const organizationId = '01a1fdab-d35b-7669-8226-8861475fe802';
    await client.organization.create({ data: { id: organizationId, name: 'other' } });
    const theirs = (name: string, context: string, vhost = '') => {
      const spec = documents.proxy(name, 'base', { context }).spec as object;
      return client.llmProxy.create({
        data: { organizationId, name, context, vhost, labels: {}, annotations: {}, spec },
      });
    };
    await theirs('everywhere', '/theirs');
    await theirs('versioned', '/their/v1');
    await theirs('hosted', '/their-hosted', 'a.theirs.example');
    const taken = belongsTo('another LlmProxy');
    for (const place of [
      { context: '/theirs' },
      { context: '/theirs', vhost: 'gateway.example' },
      { context: '/theirs/v1' },
      { context: '/theirs/chat', vhost: '*.example' },
      { context: '/their' },
      { context: '/their-hosted' },
      { context: '/their-hosted/v1', vhost: '*.theirs.example' },
    ]) {
      expect(await provider('thief', place)).toMatchObject(taken);
      expect(await proxy('thief', place)).toMatchObject(taken);
    }
    expect((await provider('neighbour', { context: '/theirs/more' })).status).toBe(201);
    expect((await proxy('neighbour', { context: '/their-hosted', vhost: 'b.theirs.example' })).status).toBe(201);
  });

  it('A3: may be swapped with that of a proxy by one apply, and lists are narrowed by it', async () => {
    await provider('left', { context: '/left', vhost: 'swap.example' });
    await proxy('right', { context: '/right' });
    const items = [
      { kind: 'LlmProxy', ...documents.proxy('right', 'base', { context: '/left', vhost: 'swap.example' }) },
      { kind: 'LlmProvider', ...documents.provider('left', { context: '/right' }) },
    ];
    const { status, body } = await app.call('POST', '/manifests/apply', { body: items });
    expect([status, body.items.map(({ result }: { result: string }) => result)]).toEqual([200, ['changed', 'changed']]);
    const listed = async (path: string) => (await app.fetch('GET', `/api/management/v1${path}`)).body.count;
    expect(await listed('/llm-providers?context=/right')).toBe(1);
    expect(await listed('/llm-providers?context=/left')).toBe(0);
    expect(await listed('/llm-proxies?context=/left&vhost=swap.example')).toBe(1);
    expect(await listed('/llm-proxies?vhost=other.example')).toBe(0);
    expect(await published('left')).toMatchObject({ context: '/right' });
  });

  it('A3: goes to what comes when one apply takes it from what goes', async () => {
    const apply = (items: object[]) => app.call('POST', '/manifests/apply?managedBy=tenant&prune', { body: items });
    const named = (kind: string, body: object) => ({ kind, ...body });
    const context = '/handed-over';
    await apply([named('LlmProxy', documents.proxy('goes', 'base', { context }))]);
    const { status } = await apply([named('LlmProvider', documents.provider('comes', { context }))]);
    expect(status).toBe(200);
    expect((await app.call('GET', '/llm-proxies/goes')).status).toBe(404);
    expect(await published('comes')).toMatchObject({ context });
  });
});

describe('A3: the servers of a provider', () => {
  const definitions = (...urls: string[]) => ({
    upstream: { ref: 'pool', auth: { type: 'api-key', value: 'Bearer x-key-of-the-pool' }, hostRewrite: 'manual' },
    upstreamDefinitions: [
      {
        name: 'pool',
        basePath: '/v1',
        timeout: { connect: '250ms' },
        upstreams: [...urls.map((url, index) => ({ url, weight: 10 + index })), { url: 'http://127.0.0.9', weight: 0 }],
      },
    ],
  });

  it('A3: are those of the definition that it refers to, without those of weight 0', async () => {
    const { status } = await provider('pooled', definitions('http://127.0.0.1:18000', 'http://127.0.0.2:18000/'));
    expect(status).toBe(201);
    expect(await published('pooled')).toMatchObject({
      baseUrl: 'http://127.0.0.1:18000/v1',
      upstreams: [
        { baseUrl: 'http://127.0.0.1:18000/v1', weight: 10 },
        { baseUrl: 'http://127.0.0.2:18000/v1', weight: 11 },
      ],
      hostRewrite: 'manual',
      timeouts: { connectMs: 250 },
    });
    const { body } = await app.call('POST', '/llm-providers/pooled/test');
    expect(body).toMatchObject({ ok: false, status: null });
  });

  it('A3: are all of them kept off what an operator does not allow', async () => {
    const { status, body } = await provider('escaping', definitions('http://127.0.0.1:1', 'http://169.254.169.254'));
    expect([status, body.code]).toEqual([422, 'url_not_allowed']);
    expect(body.errors).toEqual([
      { field: 'spec.upstreamDefinitions[0].upstreams[1].url', message: 'The host is a metadata service.' },
    ]);
    const patch = { spec: definitions('http://10.0.0.1') };
    expect((await app.call('PATCH', '/llm-providers/pooled', { body: patch })).body.errors).toEqual([
      { field: 'spec.upstreamDefinitions[0].upstreams[0].url', message: expect.stringContaining('public internet') },
    ]);
  });

  it('A3: get the stored credential only where it went before', async () => {
    const { upstream, upstreamDefinitions } = definitions('http://127.0.0.1:18000', 'http://127.0.0.3:18000');
    const { auth, ...rest } = upstream;
    const put = (urls: object) =>
      app.call('PUT', '/llm-providers/pooled', {
        body: documents.provider('pooled', { upstream: { ...rest, auth: { type: auth.type } }, ...urls }),
      });
    expect(await put({ upstreamDefinitions })).toMatchObject({ status: 422, body: { code: 'secret_required' } });
    const fewer = definitions('http://127.0.0.2:18000');
    expect((await put({ upstreamDefinitions: fewer.upstreamDefinitions })).status).toBe(200);
    expect(await published('pooled')).toMatchObject({ baseUrl: 'http://127.0.0.2:18000/v1', auth: {} });
    expect(await published('pooled')).not.toHaveProperty('upstreams');
  });
});

describe('A3: what a provider asks of those who call it', () => {
  it('A3: goes out with it, and is left out where there is nothing to say', async () => {
    const guarded = {
      accessControl: { mode: 'deny_all', exceptions: [{ path: '/chat/completions', methods: ['POST'] }] },
      policies: [{ name: 'api-key-auth', paths: [{ path: '/chat/completions', methods: ['POST'] }] }],
      resilience: { timeout: '90s', idleTimeout: '0s' },
    };
    expect((await provider('guarded', guarded)).status).toBe(201);
    expect(await published('guarded')).toMatchObject({
      accessControl: guarded.accessControl,
      policies: [
        {
          name: 'api-key-auth',
          condition: null,
          params: {},
          paths: [{ path: '/chat/completions', methods: ['POST'], params: {} }],
        },
      ],
      timeouts: { totalMs: 90_000, idleMs: 0 },
    });
    for (const field of ['accessControl', 'policies', 'context', 'vhost', 'upstreams', 'hostRewrite']) {
      expect(await published('base')).not.toHaveProperty(field);
    }
  });

  it('A4: conditions and expressions of its policies are checked, and the field is named', async () => {
    const { status, body } = await provider('faulty', {
      globalPolicies: [{ name: 'log-message', executionCondition: 'request.' }],
      operationPolicies: [
        { name: 'regex-guardrail', paths: [{ path: '/*', methods: ['*'], params: { request: { regex: '(' } } }] },
      ],
    });
    expect(status).toBe(400);
    expect(body.errors.map(({ field }: { field: string }) => field)).toEqual([
      'spec.globalPolicies[0].executionCondition',
      'spec.operationPolicies[0].paths[0].params.request.regex',
    ]);
  });

  it('A3: bounds beyond a day are refused', async () => {
    const fields = async (spec: object) => (await provider('slow', spec)).body.errors[0].field;
    expect(await fields({ resilience: { timeout: '25h' } })).toBe('spec.resilience.timeout');
    expect(await fields({ timeouts: { idle: '25h' } })).toBe('spec.timeouts.idle');
    const definition = { name: 'a', timeout: { connect: '25h' }, upstreams: [{ url: 'http://127.0.0.1' }] };
    expect(await fields({ upstreamDefinitions: [definition] })).toBe('spec.upstreamDefinitions[0].timeout.connect');
  });
});

describe('G8: deleting a provider', () => {
  it('G8 and A6: is refused while a proxy has it as its primary or an additional one, and takes its keys along', async () => {
    for (const name of ['one', 'two']) await provider(name, {});
    const additionalProviders = [{ id: 'two', as: 'other' }];
    await app.call('POST', '/llm-proxies', { body: documents.proxy('both', 'one', { additionalProviders }) });
    const keys = '/api/management/v1/llm-providers/one/api-keys';
    expect((await app.fetch('POST', keys, { body: { name: 'my-key' } })).status).toBe(201);
    for (const name of ['one', 'two']) {
      const { status, body } = await app.call('DELETE', `/llm-providers/${name}`);
      expect([status, body.errors]).toEqual([409, [{ field: 'metadata.name', message: 'used by LlmProxy both' }]]);
    }
    await app.call('DELETE', '/llm-proxies/both');
    expect((await app.call('GET', '/virtual-keys/one.provider.my-key')).status).toBe(200);
    for (const name of ['one', 'two']) expect((await app.call('DELETE', `/llm-providers/${name}`)).status).toBe(204);
    expect((await app.call('GET', '/virtual-keys/one.provider.my-key')).status).toBe(404);
  });
});
