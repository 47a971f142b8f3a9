import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ConfigSnapshot, redisNames } from '@penstock/contracts';
import { deriveKeys, hashVirtualKey } from '@penstock/secrets';
import { Redis } from 'ioredis';
import * as documents from '../testing/documents.ts';
import { startTestApp, TEST_MASTER_KEY, type TestApp } from '../testing/test-app.ts';

const EXTERNAL = 'external-key-of-another-portal-0123456789';
const pepper = deriveKeys(TEST_MASTER_KEY).virtualKeyPepper;
const redis = new Redis(process.env['REDIS_URL'] ?? 'missing', { lazyConnect: true });
let now = Date.now();
let app: TestApp;
beforeAll(async () => {
  await redis.connect();
  app = await startTestApp({ clock: () => now });
  await app.call('POST', '/llm-providers', { body: documents.provider('base') });
});
afterAll(async () => {
  await app.stop();
  redis.disconnect();
});

const keysOf = (proxy: string) => `/api/management/v1/llm-proxies/${proxy}/api-keys`;
const create = (proxy: string, body: object = {}, options: object = {}) =>
  app.fetch('POST', keysOf(proxy), { body, ...options });
async function newProxy(name: string): Promise<string> {
  expect((await app.call('POST', '/llm-proxies', { body: documents.proxy(name, 'base') })).status).toBe(201);
  return name;
}

async function publishedKeys(proxy: string) {
  const text = await redis.get(redisNames.snapshot);
  const { virtualKeys } = JSON.parse((JSON.parse(text ?? '{}') as { body: string }).body) as ConfigSnapshot;
  return virtualKeys.filter(({ proxies }) => proxies.includes(proxy));
}
const hashesOf = async (proxy: string) =>
  (await publishedKeys(proxy)).flatMap(({ secrets }) =>
    secrets.filter(({ expiresAt }) => expiresAt === null || Date.parse(expiresAt) > now).map(({ hash }) => hash),
  );

describe('A7: API keys of a proxy', () => {
  it('A7: are shown once, stored as a hash, and open that proxy alone', async () => {
    const proxy = await newProxy('first');
    const { status, body } = await create(proxy, { name: 'my-key', displayName: 'My key' });
    expect(status).toBe(201);
    expect(body).toEqual({
      status: 'success',
      message: 'API key generated successfully',
      remainingApiKeyQuota: 9,
      apiKey: {
        name: 'my-key',
        displayName: 'My key',
        apiKey: expect.stringMatching(/^psk_/),
        maskedApiKey: expect.stringMatching(/^psk_\w+\*{4}\w{4}$/),
        apiId: proxy,
        status: 'active',
        createdAt: expect.any(String),
        createdBy: expect.any(String),
        expiresAt: null,
        source: 'local',
      },
    });
    const [published] = await publishedKeys(proxy);
    expect(published).toMatchObject({ name: 'first.my-key', proxies: [proxy] });
    expect(await hashesOf(proxy)).toEqual([hashVirtualKey(body.apiKey.apiKey, pepper)]);
    const list = await app.fetch('GET', keysOf(proxy));
    expect(list.body).toMatchObject({ status: 'success', totalCount: 1, apiKeys: [{ name: 'my-key' }] });
    expect(list.text).not.toContain(body.apiKey.apiKey);
    expect(list.body.apiKeys[0]).not.toHaveProperty('apiKey');
  });

  it.each([
    [{ name: 'ab' }, 'name'],
    [{ name: 'x'.repeat(64) }, 'name'],
    [{ name: 'Upper' }, 'name'],
    [{ name: 'a--b' }, 'name'],
    [{ name: '-abc' }, 'name'],
    [{ apiKey: 'x'.repeat(35) }, 'apiKey'],
    [{ apiKey: 'x'.repeat(129) }, 'apiKey'],
    [{ apiKey: `with space ${'x'.repeat(36)}` }, 'apiKey'],
    [{ expiresIn: { unit: 'years', duration: 1 } }, 'expiresIn.unit'],
    [{ expiresIn: { unit: 'days', duration: 0 } }, 'expiresIn.duration'],
    [{ expiresAt: '2020-01-01T00:00:00Z' }, 'expiresAt'],
    [{ expiresAt: 'tomorrow' }, 'expiresAt'],
    [{ scope: 'all' }, 'scope'],
  ])('A7: %j is refused', async (body, field) => {
    expect(await create('first', body)).toMatchObject({ status: 400, body: { status: 'error', errors: [{ field }] } });
  });

  it('A7: get a name where they are given none; a taken one is a 409, and an unknown proxy a 404', async () => {
    const proxy = await newProxy('naming');
    expect((await create(proxy, { displayName: 'Shop Key' })).body.apiKey.name).toMatch(/^shop-key-[0-9a-f]{8}$/);
    expect((await create(proxy, { name: 'same' })).status).toBe(201);
    expect((await create(proxy, { name: 'same' })).status).toBe(409);
    expect((await create('nobody')).status).toBe(404);
    expect((await create('invalid@x%23y')).status).toBe(404);
    expect((await app.fetch('GET', keysOf('nobody'))).status).toBe(404);
  });

  it('A7: expire', async () => {
    const proxy = await newProxy('expiring');
    const { body } = await create(proxy, { name: 'brief', expiresIn: { unit: 'hours', duration: 1 } });
    expect(Date.parse(body.apiKey.expiresAt) - now).toBe(3_600_000);
    const expiresAt = new Date(now + 60_000).toISOString();
    const both = await create(proxy, { name: 'both', expiresAt, expiresIn: { unit: 'months', duration: 2 } });
    expect(both.body.apiKey.expiresAt).toBe(expiresAt);
    now += 120_000;
    const { apiKeys } = (await app.fetch('GET', keysOf(proxy))).body;
    expect(apiKeys.map(({ name, status }: { name: string; status: string }) => [name, status])).toEqual([
      ['both', 'expired'],
      ['brief', 'active'],
    ]);
    const again = await app.fetch('POST', `${keysOf(proxy)}/both/regenerate`, { body: {} });
    expect(again).toMatchObject({ status: 400, body: { errors: [{ field: 'expiresAt' }] } });
    const renewed = await app.fetch('POST', `${keysOf(proxy)}/both/regenerate`, { body: { expiresAt: null } });
    expect(renewed).toMatchObject({ status: 200, body: { apiKey: { expiresAt: null, status: 'active' } } });
  });

  it('A7: are ten for each user and proxy, and those that are over make room', async () => {
    const proxy = await newProxy('limited');
    for (let left = 9; left >= 0; left--) {
      expect((await create(proxy, { name: `key-${left}` })).body.remainingApiKeyQuota).toBe(left);
    }
    const refused = await create(proxy, { name: 'eleventh' });
    expect(refused).toMatchObject({
      status: 400,
      body: { message: expect.stringContaining('API key limit exceeded') },
    });
    const { token } = (await app.call('POST', '/admin-tokens', { body: { name: 'other', role: 'admin' } })).body;
    expect((await create(proxy, { name: 'of-another' }, { token })).body.remainingApiKeyQuota).toBe(9);
    expect((await create(await newProxy('limited-too'), {})).status).toBe(201);
    await app.fetch('DELETE', `${keysOf(proxy)}/key-0`);
    expect((await create(proxy, { name: 'eleventh' })).status).toBe(201);
  });

  it('A7: are regenerated: the secret before ends at once', async () => {
    const proxy = await newProxy('rotating');
    const before = (await create(proxy, { name: 'turning' })).body.apiKey.apiKey;
    const { status, body } = await app.fetch('POST', `${keysOf(proxy)}/turning/regenerate`);
    expect(status).toBe(200);
    expect(body.apiKey.apiKey).not.toBe(before);
    expect(await hashesOf(proxy)).toEqual([hashVirtualKey(body.apiKey.apiKey, pepper)]);
    expect((await app.fetch('POST', `${keysOf(proxy)}/nobody/regenerate`, { body: {} })).status).toBe(404);
  });

  it('A7: are revoked, and their names are free again', async () => {
    const proxy = await newProxy('revoking');
    await create(proxy, { name: 'gone' });
    const { status, body } = await app.fetch('DELETE', `${keysOf(proxy)}/gone`);
    expect([status, body]).toEqual([200, { status: 'success', message: 'API key revoked successfully' }]);
    expect(await hashesOf(proxy)).toEqual([]);
    expect((await app.fetch('DELETE', `${keysOf(proxy)}/gone`)).status).toBe(404);
    expect((await create(proxy, { name: 'gone' })).status).toBe(201);
  });

  it('A7: that were made elsewhere open the proxy as they are, and are never shown', async () => {
    const proxy = await newProxy('external');
    const wanted = {
      name: 'injected',
      apiKey: EXTERNAL,
      maskedApiKey: 'ext****789',
      externalRefId: 'ref-1',
      issuer: 'p',
    };
    const { status, body, text } = await create(proxy, wanted);
    expect([status, body.message]).toEqual([201, 'API key registered successfully']);
    expect(text).not.toContain(EXTERNAL);
    expect(body.apiKey).toMatchObject({
      source: 'external',
      maskedApiKey: 'ext****789',
      externalRefId: 'ref-1',
      issuer: 'p',
    });
    expect(await hashesOf(proxy)).toEqual([hashVirtualKey(EXTERNAL, pepper)]);
    expect((await create(proxy, { name: 'twice', apiKey: EXTERNAL })).status).toBe(409);
    const next = `next-${EXTERNAL}`;
    const put = (name: string, change: object) => app.fetch('PUT', `${keysOf(proxy)}/${name}`, { body: change });
    const updated = await put('injected', { apiKey: next, displayName: 'Next' });
    expect(updated).toMatchObject({
      status: 200,
      body: { message: 'API key updated successfully', apiKey: { displayName: 'Next', externalRefId: 'ref-1' } },
    });
    expect(await hashesOf(proxy)).toEqual([hashVirtualKey(next, pepper)]);
    expect((await put('injected', { apiKey: `x${next}`, name: 'other' })).status).toBe(400);
    expect((await put('injected', {})).status).toBe(400);
    await create(proxy, { name: 'local' });
    expect((await put('local', { apiKey: `y${next}` })).status).toBe(400);
    expect((await put('local-2', { apiKey: `y${next}` })).status).toBe(404);
  });

  it('A6: go with their proxy, whose deletion they do not hinder; other keys do', async () => {
    const proxy = await newProxy('leaving');
    await create(proxy, { name: 'with-it' });
    await app.call('POST', '/virtual-keys', { body: documents.virtualKey('of-somebody', { proxies: [proxy] }) });
    const path = `/api/management/v1/llm-proxies/${proxy}`;
    expect(await app.fetch('DELETE', path)).toMatchObject({
      status: 409,
      body: { errors: [{ message: 'used by VirtualKey of-somebody' }] },
    });
    await app.call('DELETE', '/virtual-keys/of-somebody');
    expect((await app.fetch('DELETE', path)).status).toBe(200);
    expect((await app.call('GET', '/virtual-keys/leaving.with-it')).status).toBe(404);
    expect(await publishedKeys(proxy)).toEqual([]);
  });
});

describe('A7: API keys of a provider', () => {
  const path = '/api/management/v1/llm-providers/base/api-keys';
  const keyOf = async (name: string) => {
    const text = await redis.get(redisNames.snapshot);
    const { virtualKeys } = JSON.parse((JSON.parse(text ?? '{}') as { body: string }).body) as ConfigSnapshot;
    return virtualKeys.find((key) => key.name === `base.provider.${name}`);
  };

  it('A7: open the provider alone, and are listed, regenerated and revoked as those of a proxy', async () => {
    await newProxy('base');
    expect((await create('base', { name: 'same' })).status).toBe(201);
    const { status, body } = await app.fetch('POST', path, { body: { name: 'same' } });
    expect([status, body.apiKey]).toEqual([201, expect.objectContaining({ name: 'same', apiId: 'base' })]);
    expect(await keyOf('same')).toMatchObject({ proxies: [], providers: ['base'] });
    expect((await publishedKeys('base')).every(({ providers }) => providers === undefined)).toBe(true);
    const listed = (await app.fetch('GET', path)).body;
    expect([listed.totalCount, listed.apiKeys[0].name]).toEqual([1, 'same']);
    const hash = (await keyOf('same'))?.secrets[0]?.hash;
    expect((await app.fetch('POST', `${path}/same/regenerate`)).status).toBe(200);
    expect((await keyOf('same'))?.secrets[0]?.hash).not.toBe(hash);
    expect((await app.fetch('DELETE', `${path}/same`)).status).toBe(200);
    expect(await keyOf('same')).toBeUndefined();
    expect((await app.fetch('GET', keysOf('base'))).body.totalCount).toBe(1);
    expect((await app.fetch('POST', '/api/management/v1/llm-providers/none/api-keys', { body: {} })).status).toBe(404);
  });

  it('A7: that were made elsewhere are taken as they are, and ten are the most', async () => {
    const external = 'external-key-of-a-provider-0123456789-0123';
    for (const short of ['x'.repeat(35), 'x'.repeat(129)]) {
      expect((await app.fetch('POST', path, { body: { apiKey: short } })).status).toBe(400);
    }
    expect((await app.fetch('POST', path, { body: { name: 'outer', apiKey: external } })).status).toBe(201);
    expect((await keyOf('outer'))?.secrets.map(({ hash }) => hash)).toEqual([hashVirtualKey(external, pepper)]);
    const next = { apiKey: `${external}-next` };
    expect((await app.fetch('PUT', `${path}/outer`, { body: next })).status).toBe(200);
    for (let made = 1; made < 10; made++) expect((await app.fetch('POST', path, { body: {} })).status).toBe(201);
    const refused = await app.fetch('POST', path, { body: {} });
    expect([refused.status, refused.body.errors[0].message]).toEqual([400, 'API key limit exceeded']);
  });

  it('A7: never open a proxy, whoever changes them', async () => {
    const name = '/virtual-keys/base.provider.outer';
    const opened = await app.call('PATCH', name, { body: { spec: { proxies: ['*'] } } });
    expect(opened.body.errors).toEqual([{ field: 'spec.proxies', message: 'an API key of a provider opens no proxy' }]);
    expect((await app.call('PATCH', name, { body: { spec: { enabled: false } } })).status).toBe(200);
    expect(await keyOf('outer')).toBeUndefined();
    const nothing = documents.virtualKey('opens-nothing', { proxies: [] });
    expect((await app.call('POST', '/virtual-keys', { body: nothing })).body.errors).toEqual([
      { field: 'spec.proxies', message: 'name at least one proxy, or *' },
    ]);
  });
});
