import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ApiKeyDocument, type ConfigSnapshot, redisNames } from '@penstock/contracts';
import { deriveKeys, hashVirtualKey } from '@penstock/secrets';
import { Redis } from 'ioredis';
import * as documents from '../testing/documents.ts';
import { startTestApp, TEST_MASTER_KEY, type TestApp } from '../testing/test-app.ts';

const DAY = 86_400_000;
const EXTERNAL = 'external-key-in-a-document-0123456789';
const pepper = deriveKeys(TEST_MASTER_KEY).virtualKeyPepper;
const redis = new Redis(process.env['REDIS_URL'] ?? 'missing', { lazyConnect: true });
let now = Date.now();
let app: TestApp;
beforeAll(async () => {
  await redis.connect();
  app = await startTestApp({ clock: () => now });
  await app.call('POST', '/llm-providers', { body: documents.provider('vendor') });
  await app.call('POST', '/llm-proxies', { body: documents.proxy('shop', 'vendor') });
});
afterAll(async () => {
  await app.stop();
  redis.disconnect();
});

const parentRef = { kind: 'LlmProxy', name: 'shop' };
const manifest = (name: string, spec: object = {}) => ({
  apiVersion: 'gateway.api-platform.wso2.com/v1',
  kind: 'ApiKey',
  metadata: { name },
  spec: { parentRef, ...spec },
});
const apply = async (...items: object[]) => app.call('POST', '/manifests/apply', { body: items });
async function published(name: string) {
  const text = await redis.get(redisNames.snapshot);
  const { virtualKeys } = JSON.parse((JSON.parse(text ?? '{}') as { body: string }).body) as ConfigSnapshot;
  return virtualKeys.find((key) => key.name === name);
}

describe('A9: a document of the kind ApiKey', () => {
  it('A9: makes a key of its proxy, once, whose secret only that answer tells', async () => {
    const thirtyDays = manifest('consumer-key', { expiresIn: { duration: 30, unit: 'days' }, displayName: 'Consumer' });
    const { status, body } = await apply(thirtyDays);
    const [item] = body.items;
    expect([status, item]).toEqual([
      200,
      {
        index: 0,
        kind: 'ApiKey',
        name: 'consumer-key',
        result: 'created',
        changes: [],
        revealed: { key: expect.stringMatching(/^psk_/) },
      },
    ]);
    const expiresAt = new Date(now + 30 * DAY).toISOString();
    const key = await published('shop.consumer-key');
    expect(key).toMatchObject({ proxies: ['shop'], expiresAt });
    expect(key?.secrets).toEqual([{ hash: hashVirtualKey(item.revealed.key, pepper), expiresAt: null }]);
    now += DAY;
    expect((await apply(thirtyDays)).body.items).toMatchObject([{ result: 'unchanged' }]);
    const read = await app.call('GET', '/api-keys/consumer-key');
    expect(ApiKeyDocument.parse(read.body).status).toMatchObject({ state: 'active', expiresAt });
    const renamed = manifest('consumer-key', { expiresIn: { duration: 30, unit: 'days' }, displayName: 'Another' });
    expect((await apply(renamed)).body.items).toMatchObject([
      { result: 'changed', changes: [{ field: 'spec.displayName', before: 'Consumer', after: 'Another' }] },
    ]);
    expect((await published('shop.consumer-key'))?.expiresAt).toBe(expiresAt);
    const longer = manifest('consumer-key', { expiresIn: { duration: 31, unit: 'days' } });
    expect((await apply(longer)).body.items).toMatchObject([{ result: 'changed' }]);
    expect((await published('shop.consumer-key'))?.expiresAt).toBe(new Date(now + 31 * DAY).toISOString());
    const listed = (await app.fetch('GET', '/api/management/v1/llm-proxies/shop/api-keys')).body;
    expect(listed.apiKeys).toMatchObject([{ name: 'consumer-key', displayName: 'consumer-key', status: 'active' }]);
  });

  it('A7: of a provider opens that alone', async () => {
    const { body } = await apply(manifest('direct', { parentRef: { kind: 'LlmProvider', name: 'vendor' } }));
    expect(body.items).toMatchObject([{ result: 'created' }]);
    expect(await published('vendor.provider.direct')).toMatchObject({ proxies: [], providers: ['vendor'] });
  });

  it('A7: may bring its own secret, which is never shown, and takes another one', async () => {
    const first = await apply(manifest('external', { apiKey: EXTERNAL }));
    expect(first.body.items[0]).not.toHaveProperty('revealed');
    const hashes = async () => {
      const { secrets = [] } = (await published('shop.external')) ?? {};
      return secrets.filter(({ expiresAt }) => expiresAt === null).map(({ hash }) => hash);
    };
    expect(await hashes()).toEqual([hashVirtualKey(EXTERNAL, pepper)]);
    expect((await apply(manifest('external', { apiKey: EXTERNAL }))).body.items).toMatchObject([
      { result: 'unchanged' },
    ]);
    const next = await apply(manifest('external', { apiKey: `${EXTERNAL}-next` }));
    expect(next.body.items).toMatchObject([{ result: 'changed', changes: [{ field: 'spec.apiKey', secret: true }] }]);
    expect(await hashes()).toEqual([hashVirtualKey(`${EXTERNAL}-next`, pepper)]);
    const exported = await app.call('GET', '/manifests/export');
    const audited = await app.call('GET', '/audit-events');
    for (const { text } of [first, next, exported, audited]) expect(text).not.toContain(EXTERNAL);
    expect(exported.text).toContain('kind: ApiKey');
    const { body } = await app.call('GET', '/manifests/export', { headers: { accept: 'application/json' } });
    const results = (await apply(...body.items)).body.items.map(({ result }: { result: string }) => result);
    expect(new Set(results)).toEqual(new Set(['unchanged']));
  });

  it('A7: is refused for another parent, a taken name, and what cannot be a name', async () => {
    const errorsOf = async (document: object) => (await apply(document)).body.errors;
    const moved = manifest('direct');
    expect(await errorsOf(moved)).toMatchObject([
      { field: 'spec.parentRef', message: expect.stringContaining('immutable') },
    ]);
    await app.fetch('POST', '/api/management/v1/llm-proxies/shop/api-keys', { body: { name: 'by-rest' } });
    expect(await errorsOf(manifest('by-rest'))).toMatchObject([{ field: 'metadata.name' }]);
    expect(await errorsOf(manifest('a.b'))).toMatchObject([{ field: 'metadata.name' }]);
    expect(await errorsOf(manifest('lost', { parentRef: { kind: 'LlmProxy', name: 'nowhere' } }))).toMatchObject([
      { field: 'spec.parentRef.name', message: "there is no LlmProxy named 'nowhere'" },
    ]);
    expect(await errorsOf(manifest('api', { parentRef: { kind: 'RestApi', name: 'petstore' } }))).toMatchObject([
      { field: 'spec.parentRef.kind', message: "must be 'LlmProvider' or 'LlmProxy'" },
    ]);
    const both = { expiresIn: { duration: 1, unit: 'days' }, expiresAt: '2999-01-01T00:00:00Z' };
    expect(await errorsOf(manifest('both', both))).toMatchObject([
      { field: 'spec.expiresAt', message: 'must not stand together with expiresIn' },
    ]);
    expect(await errorsOf(manifest('past', { expiresAt: '2001-01-01T00:00:00Z' }))).toMatchObject([
      { field: 'spec.expiresAt', message: 'API key expiration time must be in the future' },
    ]);
  });

  it('A7: is a document of the API, found by its name, and goes with its parent', async () => {
    const created = await app.call('POST', '/api-keys', { body: manifest('by-api') });
    expect([created.status, created.body.status.key]).toEqual([201, expect.stringMatching(/^psk_/)]);
    expect((await app.call('POST', '/api-keys', { body: manifest('by-api') })).status).toBe(409);
    const page = (await app.call('GET', '/api-keys?q=by-&sort=-name&limit=1')).body;
    expect([page.total, page.items[0].metadata.name]).toEqual([1, 'by-api']);
    const all = (await app.call('GET', '/api-keys?limit=2')).body;
    const rest = (await app.call('GET', `/api-keys?limit=2&cursor=${all.nextCursor}`)).body;
    const names = [...all.items, ...rest.items].map(({ metadata }) => metadata.name);
    expect(names).toEqual(['by-api', 'consumer-key', 'direct', 'external']);
    await app.call('PATCH', '/api-keys/by-api', { body: { metadata: { labels: { team: 'a' } } } });
    expect((await app.call('GET', '/api-keys/by-api')).body).toMatchObject({
      metadata: { name: 'by-api', labels: { team: 'a' } },
      spec: { parentRef },
    });
    expect(await published('shop.by-api')).toMatchObject({ proxies: ['shop'] });
    expect((await app.call('DELETE', '/api-keys/by-api')).status).toBe(204);
    expect(await published('shop.by-api')).toBeUndefined();
    expect((await app.call('DELETE', '/llm-proxies/shop')).status).toBe(204);
    expect((await app.call('GET', '/api-keys/external')).status).toBe(404);
  });
});
