import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ConfigSnapshot, redisNames } from '@penstock/contracts';
import { deriveKeys, openCredential } from '@penstock/secrets';
import { Redis } from 'ioredis';
import { PrismaService } from '../prisma/prisma.service.ts';
import * as documents from '../testing/documents.ts';
import { startTestApp, TEST_MASTER_KEY, type TestApp } from '../testing/test-app.ts';

const keys = deriveKeys(TEST_MASTER_KEY);
const redis = new Redis(process.env['REDIS_URL'] ?? 'missing', { lazyConnect: true });
let app: TestApp;
beforeAll(async () => {
  await redis.connect();
  app = await startTestApp();
  for (const name of ['first', 'second', 'third']) {
    await app.call('POST', '/llm-providers', { body: documents.provider(name) });
  }
});
afterAll(async () => {
  await app.stop();
  redis.disconnect();
});

const auth = (value?: string) => ({ type: 'api-key', header: 'X-API-Key', ...(value !== undefined && { value }) });
const chained = (name: string, primary: unknown, ...additionalProviders: object[]) =>
  documents.proxy(name, 'first', { provider: { id: 'first', auth: primary }, additionalProviders });

/** What gateways would show the providers of the proxy, by its names for them. */
async function shown(proxyName: string): Promise<Record<string, string>> {
  const text = await redis.get(redisNames.snapshot);
  const { proxies } = JSON.parse((JSON.parse(text ?? '{}') as { body: string }).body) as ConfigSnapshot;
  const proxy = proxies.find(({ name }) => name === proxyName);
  const entries = (proxy?.providers ?? []).flatMap(({ alias, providerId, auth: sealed }) => {
    if (!sealed) return [];
    const owner = { organizationId: proxy?.organizationId ?? '', providerId };
    return [[alias, `${sealed.header}: ${openCredential(sealed.sealedValue, keys, owner)}`] as const];
  });
  return Object.fromEntries(entries);
}

describe('A4: what a proxy shows its providers', () => {
  it('A4 and G7: goes out sealed for each provider alone, and no answer, audit row or revision ever shows it', async () => {
    const body = chained('sealed', auth('hop-key-of-the-first'), {
      id: 'second',
      as: 'two',
      auth: auth('hop-key-of-two'),
    });
    const created = await app.call('POST', '/llm-proxies', { body });
    expect(created.status).toBe(201);
    expect(created.body.spec.provider).toEqual({ id: 'first', auth: auth() });
    expect(created.body.spec.additionalProviders).toEqual([{ id: 'second', as: 'two', auth: auth() }]);
    const updatedAt = expect.any(String);
    expect(created.body.status.credentials).toEqual([
      { provider: 'first', updatedAt, secrets: [] },
      { provider: 'two', updatedAt, secrets: [] },
    ]);
    expect(await shown('sealed')).toEqual({
      first: 'X-API-Key: hop-key-of-the-first',
      two: 'X-API-Key: hop-key-of-two',
    });
    const newest = (await app.call('GET', '/config/revisions')).body.items[0].revision;
    const texts = await Promise.all(
      [
        '/llm-proxies',
        '/llm-proxies/sealed',
        '/audit-events',
        `/config/diff?from=${newest - 1}&to=${newest}`,
        '/manifests/export',
      ].map(async (path) => (await app.call('GET', path)).text),
    );
    const managed = await app.fetch('GET', '/api/management/v1/llm-proxies/sealed');
    for (const text of [created.text, managed.text, ...texts]) {
      expect(text).toContain('sealed');
      expect(text).not.toMatch(/hop-key-of/);
    }
    const row = await app.nest.get(PrismaService).client.llmProxy.findFirst({ where: { name: 'sealed' } });
    expect(JSON.stringify(row)).not.toMatch(/hop-key-of/);
  });

  it('A4: stays when a PUT omits it, is replaced by a new value, and goes with type none', async () => {
    const path = '/llm-proxies/kept';
    await app.call('POST', '/llm-proxies', { body: chained('kept', auth('k1'), { id: 'second', auth: auth('k2') }) });
    const read = (await app.call('GET', path)).body;
    expect((await app.call('PUT', path, { body: read })).status).toBe(200);
    expect(await shown('kept')).toEqual({ first: 'X-API-Key: k1', second: 'X-API-Key: k2' });
    const patch = { spec: { provider: { auth: { value: 'k3' } } } };
    expect((await app.call('PATCH', path, { body: patch })).status).toBe(200);
    expect(await shown('kept')).toEqual({ first: 'X-API-Key: k3', second: 'X-API-Key: k2' });
    const without = chained('kept', { type: 'none' }, { id: 'second' });
    const bared = await app.call('PUT', path, { body: without });
    expect(bared.body.spec).toMatchObject({ provider: { id: 'first' }, additionalProviders: [{ id: 'second' }] });
    expect(bared.body.spec.provider).not.toHaveProperty('auth');
    expect(bared.body.status).not.toHaveProperty('credentials');
    expect(await shown('kept')).toEqual({});
    const again = await app.call('PUT', path, { body: chained('kept', auth()) });
    expect(again.body.errors).toEqual([
      { field: 'spec.provider.auth.value', message: 'Auth value is required when api-key auth type is set' },
    ]);
  });

  it('A4: belongs to a name and a provider: another provider under that name gets nothing', async () => {
    await app.call('POST', '/llm-proxies', {
      body: chained('moved', auth('k1'), { id: 'second', as: 'x', auth: auth('k2') }),
    });
    const move = (id: string, as: string) =>
      app.call('PUT', '/llm-proxies/moved', { body: chained('moved', auth(), { id, as, auth: auth() }) });
    const refused = { status: 400, body: { errors: [{ field: 'spec.additionalProviders[0].auth.value' }] } };
    expect(await move('third', 'x')).toMatchObject(refused);
    expect(await move('second', 'y')).toMatchObject(refused);
    expect(await shown('moved')).toEqual({ first: 'X-API-Key: k1', x: 'X-API-Key: k2' });
    const other = { type: 'other', header: 'X-API-Key' };
    await app.call('PUT', '/llm-proxies/moved', {
      body: chained('moved', auth(), { id: 'third', as: 'x', auth: other }),
    });
    expect(await shown('moved')).toEqual({ first: 'X-API-Key: k1' });
  });

  it('A4: has a header and a value, or neither', async () => {
    const refusal = async (given: object) =>
      (await app.call('POST', '/llm-proxies', { body: chained('never', given) })).body.errors[0];
    expect(await refusal({ type: 'api-key', value: 'x' })).toEqual({
      field: 'spec.provider.auth.header',
      message: 'Auth header is required when api-key auth type is set',
    });
    expect(await refusal({ type: 'api-key', header: 'x' })).toMatchObject({ field: 'spec.provider.auth.value' });
    expect(await refusal({ type: 'none', value: 'x' })).toMatchObject({ message: "fits no auth of type 'none'" });
  });

  it('A7: may name secrets, which go out with it and cannot be deleted meanwhile', async () => {
    const secret = { metadata: { name: 'hop' }, spec: { value: 'rotated-elsewhere' } };
    const value = '{{ secret "hop" }}';
    const body = chained('referring', auth(value));
    expect((await app.call('POST', '/llm-proxies', { body })).body.errors[0]).toEqual({
      field: 'spec.provider.auth.value',
      message: "there is no Secret named 'hop'",
    });
    await app.call('POST', '/secrets', { body: secret });
    const created = await app.call('POST', '/llm-proxies', { body });
    expect(created.body.status.credentials).toEqual([expect.objectContaining({ secrets: ['hop'] })]);
    expect(await shown('referring')).toEqual({ first: `X-API-Key: ${value}` });
    const removal = await app.call('DELETE', '/secrets/hop');
    expect([removal.status, removal.body.errors[0].message]).toEqual([409, 'used by LlmProxy referring']);
    await app.call('DELETE', '/llm-proxies/referring');
    expect((await app.call('DELETE', '/secrets/hop')).status).toBe(204);
  });

  it('A4: an apply tells that it changes and not what it is, and an export is a fixed point', async () => {
    const manifest = (value?: string) => ({ kind: 'LlmProxy', ...chained('applied', auth(value)) });
    const apply = async (...items: object[]) =>
      (await app.call('POST', '/manifests/apply', { body: items })).body.items;
    expect(await apply(manifest('k1'))).toMatchObject([{ result: 'created' }]);
    expect(await apply(manifest('k1'))).toMatchObject([{ result: 'unchanged' }]);
    expect(await apply(manifest())).toMatchObject([{ result: 'unchanged' }]);
    const [changed] = await apply(manifest('k2'));
    expect(changed).toMatchObject({
      result: 'changed',
      changes: [{ field: 'spec.provider.auth.value', secret: true }],
    });
    const query = '/manifests/export?kind=LlmProxy&name=applied';
    const { body } = await app.call('GET', query, { headers: { accept: 'application/json' } });
    expect(body.items[0].spec.provider).toEqual({ id: 'first', auth: auth() });
    expect(await apply(...body.items)).toMatchObject([{ result: 'unchanged' }]);
    expect(await shown('applied')).toEqual({ first: 'X-API-Key: k2' });
  });

  it('A4 and G8: every provider must exist, when the proxy is made and when it is changed', async () => {
    const lost = chained('lost', undefined, { id: 'nowhere' });
    const refused = { status: 400, body: { errors: [{ field: 'spec.additionalProviders[0].id' }] } };
    expect(await app.call('POST', '/llm-proxies', { body: lost })).toMatchObject(refused);
    await app.call('POST', '/llm-proxies', { body: chained('lost', undefined, { id: 'second' }) });
    expect(await app.call('PUT', '/llm-proxies/lost', { body: lost })).toMatchObject(refused);
    const patch = { spec: { provider: { id: 'nowhere' } } };
    expect((await app.call('PATCH', '/llm-proxies/lost', { body: patch })).body.errors).toEqual([
      { field: 'spec.provider.id', message: "there is no LlmProvider named 'nowhere'" },
    ]);
  });
});
