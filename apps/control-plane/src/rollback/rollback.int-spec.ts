import { zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sealSnapshot } from '@penstock/config-sync';
import { type ConfigSnapshot, redisNames } from '@penstock/contracts';
import { deriveKeys } from '@penstock/secrets';
import { Redis } from 'ioredis';
import { PrismaService } from '../prisma/prisma.service.ts';
import * as documents from '../testing/documents.ts';
import { startTestApp, TEST_MASTER_KEY, type TestApp } from '../testing/test-app.ts';

const redis = new Redis(process.env['REDIS_URL'] ?? 'missing', { lazyConnect: true });
let app: TestApp;
beforeAll(async () => {
  await redis.connect();
  app = await startTestApp();
});
afterAll(async () => {
  await app.stop();
  redis.disconnect();
});

async function published(): Promise<ConfigSnapshot> {
  const text = await redis.get(redisNames.snapshot);
  return JSON.parse((JSON.parse(text ?? '{}') as { body: string }).body) as ConfigSnapshot;
}
const post = async (path: string, body: unknown) => {
  const answer = await app.call('POST', path, { body });
  expect({ path, status: answer.status, body: answer.body }).toMatchObject({ status: 201 });
  return answer.body;
};
const patch = async (path: string, spec: object) => {
  const answer = await app.call('PATCH', path, { body: { spec } });
  expect({ path, status: answer.status, body: answer.body }).toMatchObject({ status: 200 });
};
const remove = async (path: string) => expect((await app.call('DELETE', path)).status).toBe(204);
const revision = async () => (await published()).revision;
const rollback = async (to: number) => app.call('POST', '/config/rollback', { body: { revision: to } });
const named = <Item extends { name: string }>(items: readonly Item[], name: string) =>
  items.find((item) => item.name === name);
/** Any write that makes a revision. */
const nextWrite = async (name: string) => post('/teams', documents.team(name));
const secret = (url: string, value: string) => ({ url, auth: { type: 'api-key', header: 'Authorization', value } });
const URL_A = 'http://127.0.0.1:18000/v1';
const URL_B = 'http://127.0.0.1:18001/v1';

describe('a rollback', () => {
  it('A8: outlives the next write: it is in the documents, not only in the snapshot', async () => {
    await post('/quotas', documents.quota('q-live'));
    await post('/llm-providers', documents.provider('live', { quotas: ['q-live'], timeouts: { total: '2m' } }));
    await post('/llm-proxies', documents.proxy('live', 'live'));
    const good = await revision();
    const before = await published();
    await patch('/llm-providers/live', { timeouts: { total: '5s' }, maxConnections: 2, quotas: [] });
    await patch('/quotas/q-live', { limits: [{ unit: 'requests', window: 'minute', max: 1 }] });
    await post('/llm-providers', documents.provider('later'));
    await post('/llm-proxies', documents.proxy('later', 'later'));
    await patch('/llm-proxies/live', { context: '/moved', authentication: 'none', provider: { id: 'later' } });
    const bad = await published();

    const answer = await rollback(good);
    expect(answer).toMatchObject({ status: 200, body: { cause: `rollback to ${good}`, withoutCredential: [] } });
    expect(answer.body.changes).toEqual([
      { kind: 'Quota', name: 'q-live', change: 'changed' },
      { kind: 'LlmProvider', name: 'live', change: 'changed' },
      { kind: 'LlmProvider', name: 'later', change: 'undeployed' },
      { kind: 'LlmProxy', name: 'later', change: 'undeployed' },
      { kind: 'LlmProxy', name: 'live', change: 'changed' },
    ]);
    await nextWrite('after-live');
    const after = await published();
    expect(after.providers).toEqual(before.providers);
    expect(after.proxies).toEqual(before.proxies);
    expect((await app.call('GET', '/llm-providers/live')).body.spec).toMatchObject({ quotas: ['q-live'] });
    expect((await app.call('GET', '/llm-providers/later')).body.status.state).toBe('undeployed');

    expect((await rollback(bad.revision)).status).toBe(200);
    const again = await published();
    expect({ providers: again.providers, proxies: again.proxies }).toEqual({
      providers: bad.providers,
      proxies: bad.proxies,
    });
  });

  it('takes credential and prices from now while the address is the same', async () => {
    const provider = documents.provider('rotated', { upstream: secret(URL_A, 'Bearer old-secret-value-1') });
    await post('/llm-providers', provider);
    await post('/model-prices', documents.price('rotated-price', 'rotated'));
    const good = await revision();
    await patch('/llm-providers/rotated', { maxConnections: 3, upstream: secret(URL_A, 'Bearer new-secret-value-2') });
    await patch('/model-prices/rotated-price', { inputPerMillion: 999 });
    const now = named((await published()).providers, 'rotated');

    const { body } = await rollback(good);
    expect(body.withoutCredential).toEqual([]);
    const restored = named((await published()).providers, 'rotated');
    expect(restored?.auth).toEqual(now?.auth);
    expect(restored?.prices['qwen']?.[0]?.inputPerMillion).toBe(999);
    expect(restored?.maxConnections).toBe(1024);
  });

  it('A4: shows providers what proxies show them now, and says which proxies lack something', async () => {
    const auth = (value?: string) => ({ type: 'api-key', header: 'X-Key', ...(value !== undefined && { value }) });
    await post('/llm-providers', documents.provider('chained'));
    const shown = { provider: { id: 'chained', auth: auth('key-of-then') } };
    for (const name of ['hop-kept', 'hop-lost']) await post('/llm-proxies', documents.proxy(name, 'chained', shown));
    const good = await revision();
    await patch('/llm-proxies/hop-kept', { provider: { auth: { value: 'key-of-now' } }, context: '/hop-moved' });
    const now = named((await published()).proxies, 'hop-kept')?.providers;
    await remove('/llm-proxies/hop-lost');

    expect((await rollback(good)).body.proxiesWithoutCredential).toEqual(['hop-lost']);
    const { proxies } = await published();
    expect(named(proxies, 'hop-kept')).toMatchObject({ context: '/hop-kept', providers: now });
    expect(named(proxies, 'hop-lost')?.providers[0]).not.toHaveProperty('auth');
    for (const name of ['hop-kept', 'hop-lost']) await remove(`/llm-proxies/${name}`);
    await remove('/llm-providers/chained');
  });

  it('brings no credential back to an address that it was taken from, nor to a deleted provider, and says so', async () => {
    await post('/llm-providers', documents.provider('moved', { upstream: secret(URL_A, 'Bearer moved-secret-value') }));
    await post('/llm-providers', documents.provider('gone', { upstream: secret(URL_A, 'Bearer gone-secret-value') }));
    await post('/llm-proxies', documents.proxy('on-gone', 'gone'));
    await post('/llm-providers', documents.provider('bared', { upstream: secret(URL_A, 'Bearer bared-secret-val') }));
    const good = await revision();
    await patch('/llm-providers/moved', { upstream: secret(URL_B, 'Bearer secret-of-the-new-host') });
    await patch('/llm-providers/bared', { upstream: { auth: null } });
    await remove('/llm-proxies/on-gone');
    await remove('/llm-providers/gone');

    const { body } = await rollback(good);
    expect(body.withoutCredential.toSorted()).toEqual(['bared', 'gone', 'moved']);
    expect(body.changes).toContainEqual({ kind: 'LlmProvider', name: 'gone', change: 'created' });
    const { providers, proxies } = await published();
    for (const name of ['moved', 'gone', 'bared']) {
      expect(named(providers, name)).toMatchObject({ baseUrl: URL_A, auth: null });
      const document = (await app.call('GET', `/llm-providers/${name}`)).body;
      expect(document).toMatchObject({ spec: { upstream: { url: URL_A } }, status: { credential: null } });
      // It can go on being edited, without a secret that nobody has any more.
      await patch(`/llm-providers/${name}`, { displayName: 'Edited' });
    }
    expect(named(proxies, 'on-gone')).toBeDefined();
    const audit = await app.call('GET', '/audit-events?action=rollback%20to&limit=1');
    expect(audit.body.items[0]).toMatchObject({
      resourceKind: 'ConfigRevision',
      resourceName: String(good),
      after: { withoutCredential: expect.arrayContaining(['bared', 'gone', 'moved']) },
    });
    const detail = await app.call('GET', '/audit-events?action=roll%20back&resourceName=moved&limit=1');
    expect(detail.body.items[0]).toMatchObject({
      before: { spec: { upstream: { url: URL_B } }, credentialFingerprint: expect.any(String) },
      after: { spec: { upstream: { url: URL_A } }, credentialFingerprint: null },
    });
  });

  it('lets in nobody and nothing that is kept out by now', async () => {
    await post('/llm-proxies', documents.proxy('door', 'live'));
    for (const name of ['revoked', 'expired', 'disabled', 'deleted', 'narrowed', 'capped'])
      await post('/virtual-keys', documents.virtualKey(name));
    const good = await revision();
    await app.call('POST', '/virtual-keys/revoked/revoke');
    await patch('/virtual-keys/expired', { expiresAt: '2020-01-01T00:00:00Z' });
    await patch('/virtual-keys/disabled', { enabled: false });
    await remove('/virtual-keys/deleted');
    await patch('/virtual-keys/narrowed', { proxies: ['door'], models: ['m'], ipAllowList: ['192.0.2.1'] });
    await patch('/virtual-keys/capped', { quotas: ['q-live'] });
    await patch('/teams/default', { suspended: true, quotas: ['q-live'] });

    const keptOut = async () => {
      const { virtualKeys, teams } = await published();
      for (const name of ['revoked', 'expired', 'disabled', 'deleted'])
        expect({ name, key: named(virtualKeys, name) }).toEqual({ name, key: undefined });
      const restrictions = { proxies: ['door'], models: ['m'], ipAllowList: ['192.0.2.1'] };
      expect(named(virtualKeys, 'narrowed')).toMatchObject(restrictions);
      expect(named(virtualKeys, 'capped')?.limits.map(({ quota }) => quota)).toEqual(['q-live']);
      expect(named(teams, 'default')).toMatchObject({ suspended: true, limits: [{ quota: 'q-live' }] });
    };
    await rollback(good);
    await keptOut();
    expect((await app.call('GET', '/virtual-keys/deleted')).status).toBe(404);
    await nextWrite('after-door');
    await keptOut();
    await patch('/teams/default', { suspended: false, quotas: [] });
  });

  it('takes back what keys were given since', async () => {
    const given = { proxies: ['door'], models: ['m'], quotas: ['q-live'] };
    await post('/virtual-keys', documents.virtualKey('widened', given));
    const good = await revision();
    await patch('/virtual-keys/widened', { proxies: ['*'], models: ['m', 'n'], quotas: [] });
    await rollback(good);
    expect((await app.call('GET', '/virtual-keys/widened')).body.spec).toMatchObject(given);
    expect(named((await published()).virtualKeys, 'widened')).toMatchObject({ models: ['m'], limits: [{}] });
  });

  it('restores time zone and quotas of organization, teams, keys of teams and models, and takes none off', async () => {
    await post('/quotas', documents.quota('q-each'));
    await post('/teams', documents.team('crew', { keyQuotas: ['q-each'] }));
    await post(
      '/llm-providers',
      documents.provider('modelled', { models: [{ id: 'm', quotas: ['q-each'] }, { id: 'n' }] }),
    );
    await patch('/organization', { timeZone: 'Europe/Berlin', quotas: ['q-each'] });
    const good = await revision();
    await patch('/organization', { timeZone: 'UTC', quotas: [] });
    await patch('/teams/crew', { quotas: ['q-live'], keyQuotas: [] });
    await patch('/llm-providers/modelled', { models: [{ id: 'm' }, { id: 'n', quotas: ['q-live'] }] });
    const { body } = await rollback(good);
    expect(body.changes).toContainEqual({ kind: 'Organization', name: 'default', change: 'changed' });
    const spec = async (path: string) => (await app.call('GET', path)).body.spec;
    expect(await spec('/organization')).toMatchObject({ timeZone: 'Europe/Berlin', quotas: ['q-each'] });
    // What it was given since stays on it, besides what comes back.
    expect(await spec('/teams/crew')).toMatchObject({ quotas: ['q-live'], keyQuotas: ['q-each'] });
    expect((await spec('/llm-providers/modelled')).models).toMatchObject([{ quotas: ['q-each'] }, { quotas: [] }]);
    await nextWrite('after-modelled');
    const { organizations, teams, providers } = await published();
    expect(organizations).toMatchObject([{ timeZone: 'Europe/Berlin', limits: [{ quota: 'q-each' }] }]);
    expect(named(teams, 'crew')).toMatchObject({ limits: [{ quota: 'q-live' }], keyLimits: [{ quota: 'q-each' }] });
    expect(named(providers, 'modelled')?.models).toMatchObject([{ limits: [{ quota: 'q-each' }] }, { limits: [] }]);

    await patch('/organization', { quotas: ['q-live', 'q-each'] });
    await rollback(good);
    expect(await spec('/organization')).toMatchObject({ quotas: ['q-live', 'q-each'] });
    await patch('/organization', { timeZone: 'UTC', quotas: [] });
  });

  it('to a revision of an earlier release leaves the organization as it is', async () => {
    const prisma = app.nest.get(PrismaService).client;
    const keys = deriveKeys(TEST_MASTER_KEY);
    await patch('/organization', { timeZone: 'Asia/Kathmandu', quotas: ['q-each'] });
    const { organizations: _, ...current } = await published();
    const old = {
      ...current,
      teams: current.teams.map(({ keyLimits: __, ...team }) => team),
      providers: current.providers.map((provider) => ({
        ...provider,
        models: provider.models?.map(({ limits: __, ...model }) => model) ?? null,
      })),
    };
    const { body, checksum } = sealSnapshot(old as unknown as ConfigSnapshot, keys);
    await prisma.configRevision.update({
      where: { revision: BigInt(current.revision) },
      data: { body: new Uint8Array(zstdCompressSync(body)), checksum },
    });
    await patch('/teams/crew', { displayName: 'Renamed' });
    expect((await rollback(current.revision)).status).toBe(200);
    expect((await app.call('GET', '/organization')).body.spec).toMatchObject({
      timeZone: 'Asia/Kathmandu',
      quotas: ['q-each'],
    });
    expect((await app.call('GET', '/teams/crew')).body.spec).toMatchObject({ keyQuotas: ['q-each'] });
    await patch('/organization', { timeZone: 'UTC', quotas: [] });
  });

  it('gives two proxies back the contexts that they exchanged', async () => {
    await post('/llm-proxies', documents.proxy('left', 'live'));
    await post('/llm-proxies', documents.proxy('right', 'live'));
    const good = await revision();
    await patch('/llm-proxies/left', { context: '/between' });
    await patch('/llm-proxies/right', { context: '/left' });
    await patch('/llm-proxies/left', { context: '/right' });
    expect((await rollback(good)).status).toBe(200);
    await nextWrite('after-exchange');
    const { proxies } = await published();
    expect([named(proxies, 'left')?.context, named(proxies, 'right')?.context]).toEqual(['/left', '/right']);
  });

  it('is refused as a whole when a context or a template of then is not to be had', async () => {
    await post('/llm-provider-templates', documents.template('own'));
    await post('/llm-providers', documents.provider('of-own', { template: 'own', maxConnections: 7 }));
    await post('/llm-proxies', documents.proxy('taken', 'live'));
    const good = await revision();
    await patch('/llm-proxies/taken', { context: '/given-up' });
    await post('/llm-proxies', documents.proxy('squatter', 'live', { context: '/taken' }));
    const newest = await revision();
    const taken = await rollback(good);
    expect(taken).toMatchObject({ status: 409, body: { code: 'conflict' } });
    expect(taken.body.message).toContain("LlmProxy 'squatter'");
    await remove('/llm-proxies/squatter');
    await remove('/llm-providers/of-own');
    await remove('/llm-provider-templates/own');
    expect((await rollback(good)).body.message).toContain("LlmProviderTemplate 'own'");
    expect(await revision()).toBe(newest + 3);
    expect((await app.call('GET', '/llm-proxies/taken')).body.spec.context).toBe('/given-up');
  });
});
