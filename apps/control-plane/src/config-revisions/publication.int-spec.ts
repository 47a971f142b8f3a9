import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openEnvelope } from '@penstock/config-sync';
import { type ConfigSnapshot, redisNames } from '@penstock/contracts';
import { deriveInternalToken, deriveKeys, hashVirtualKey } from '@penstock/secrets';
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
});
afterAll(async () => {
  await app.stop();
  redis.disconnect();
});

async function published(): Promise<ConfigSnapshot> {
  const text = await redis.get(redisNames.snapshot);
  return JSON.parse((JSON.parse(text ?? '{}') as { body: string }).body) as ConfigSnapshot;
}

describe('publication', () => {
  it('has happened at the start', async () => {
    expect(await published()).toMatchObject({ schemaVersion: 1, revision: 1, providers: [], virtualKeys: [] });
  });

  it('brings each change to Redis, signed and with the next revision, and rings', async () => {
    const listener = redis.duplicate();
    const rings: string[] = [];
    listener.on('message', (_channel, message: string) => rings.push(message));
    await listener.subscribe(redisNames.doorbell);
    const before = (await published()).revision;
    await app.call('POST', '/llm-providers', { body: documents.providerWithSecret('lab', 'Bearer long-secret-value') });
    await app.call('POST', '/llm-proxies', { body: documents.proxy('shop', 'lab', { context: '/' }) });
    await app.call('POST', '/quotas', { body: documents.quota('small') });
    const { body } = await app.call('POST', '/virtual-keys', {
      body: documents.virtualKey('app', { quotas: ['small'] }),
    });

    const text = (await redis.get(redisNames.snapshot)) ?? '';
    expect(() => openEnvelope(text, keys)).not.toThrow();
    const snapshot = await published();
    expect(snapshot.revision).toBe(before + 4);
    expect(snapshot.providers).toMatchObject([{ name: 'lab', template: 'vllm', auth: { header: 'Authorization' } }]);
    expect(snapshot.proxies).toMatchObject([{ name: 'shop', context: '/', providers: [{ alias: 'lab' }] }]);
    expect(snapshot.virtualKeys).toMatchObject([
      {
        name: 'app',
        secrets: [{ hash: hashVirtualKey(body.status.key, keys.virtualKeyPepper) }],
        limits: [{ quota: 'small' }],
      },
    ]);
    expect(text).not.toContain('long-secret-value');
    expect(text).not.toContain(body.status.key);
    expect(rings.map((ring) => (JSON.parse(ring) as { revision: number }).revision)).toContain(snapshot.revision);
    listener.disconnect();
  });

  it('takes less than a second from the change to Redis', async () => {
    const startedAt = performance.now();
    await app.call('POST', '/virtual-keys', { body: documents.virtualKey('quick') });
    expect((await published()).virtualKeys.map(({ name }) => name)).toContain('quick');
    expect(performance.now() - startedAt).toBeLessThan(1_000);
  });

  it('follows a key through rotation, disabling and revocation', async () => {
    const hashes = async () =>
      (await published()).virtualKeys.find(({ name }) => name === 'life')?.secrets.map(({ hash }) => hash);
    const hash = (key: string) => hashVirtualKey(key, keys.virtualKeyPepper);
    const first = (await app.call('POST', '/virtual-keys', { body: documents.virtualKey('life') })).body.status
      .key as string;
    const rotated = await app.call('POST', '/virtual-keys/life/rotate', { body: { graceSeconds: 60 } });
    const second = rotated.body.status.key as string;
    expect(rotated.body.status.previousExpiresAt).not.toBeNull();
    expect(await hashes()).toEqual([hash(second), hash(first)]);
    const third = (await app.call('POST', '/virtual-keys/life/rotate', { body: {} })).body.status.key as string;
    expect(await hashes()).toEqual([hash(third)]);
    await app.call('PATCH', '/virtual-keys/life', { body: { spec: { enabled: false } } });
    expect(await hashes()).toBeUndefined();
    await app.call('PATCH', '/virtual-keys/life', { body: { spec: { enabled: true } } });
    expect(await hashes()).toEqual([hash(third)]);
    const revoked = await app.call('POST', '/virtual-keys/life/revoke');
    expect(revoked.body.status).toMatchObject({ state: 'revoked' });
    expect(await hashes()).toBeUndefined();
    expect((await app.call('PATCH', '/virtual-keys/life', { body: { spec: { enabled: true } } })).status).toBe(409);
    expect((await app.call('POST', '/virtual-keys/life/rotate', { body: {} })).status).toBe(409);
    expect((await app.call('GET', '/virtual-keys/life')).text).not.toContain('"key"');
  });

  it('numbers concurrent changes in the order in which they commit', async () => {
    const before = (await published()).revision;
    const names = Array.from({ length: 12 }, (_, index) => `race-${index}`);
    const answers = await Promise.all(
      names.map((name) => app.call('POST', '/virtual-keys', { body: documents.virtualKey(name) })),
    );
    expect(answers.map(({ status }) => status)).toEqual(names.map(() => 201));
    const snapshot = await published();
    expect(snapshot.revision).toBe(before + names.length);
    expect(snapshot.virtualKeys.map(({ name }) => name)).toEqual(expect.arrayContaining(names));
  });

  it('does not happen for what the data plane does not see, nor for a refused change', async () => {
    const before = (await published()).revision;
    await app.call('POST', '/admin-tokens', { body: { name: 'x' } });
    await app.call('POST', '/virtual-keys', { body: documents.virtualKey('quick') });
    expect((await published()).revision).toBe(before);
  });
});

describe('revisions', () => {
  it('are listed, compared and rolled back to as a new revision, without giving back revoked keys', async () => {
    await app.call('POST', '/virtual-keys', { body: documents.virtualKey('doomed') });
    const good = (await published()).revision;
    await app.call('PATCH', '/llm-proxies/shop', { body: { spec: { displayName: 'Broken', authentication: 'none' } } });
    await app.call('POST', '/virtual-keys/doomed/revoke');
    await app.call('POST', '/virtual-keys', { body: documents.virtualKey('fresh') });
    const bad = (await published()).revision;

    const list = await app.call('GET', '/config/revisions?limit=2');
    expect(list.body.items[0]).toMatchObject({ revision: bad, cause: 'create VirtualKey fresh', published: true });
    const next = await app.call('GET', `/config/revisions?limit=2&cursor=${list.body.nextCursor}`);
    expect(next.body.items[0].revision).toBe(bad - 2);

    const { body } = await app.call('GET', `/config/diff?from=${good}&to=${bad}`);
    const changes = body.items.map(({ kind, name, change, fields }: Record<string, unknown>) => ({
      kind,
      name,
      change,
      fields,
    }));
    expect(changes).toEqual([
      { kind: 'LlmProxy', name: 'shop', change: 'changed', fields: ['authentication'] },
      { kind: 'VirtualKey', name: 'doomed', change: 'removed', fields: [] },
      { kind: 'VirtualKey', name: 'fresh', change: 'added', fields: [] },
    ]);

    const rollback = await app.call('POST', '/config/rollback', { body: { revision: good } });
    expect(rollback.body).toMatchObject({ revision: bad + 1, cause: `rollback to ${good}`, published: true });
    const snapshot = await published();
    expect(snapshot.proxies[0]?.authentication).toBe('virtual-key');
    const names = snapshot.virtualKeys.map(({ name }) => name);
    expect(names).toContain('fresh');
    expect(names).not.toContain('doomed');
  });
});

describe('the internal API', () => {
  it('gives the newest snapshot to gateways, and 304 to those who have it', async () => {
    const token = deriveInternalToken(keys);
    const answer = await app.fetch('GET', '/internal/v1/snapshot', { token });
    expect(answer.status).toBe(200);
    expect(answer.text).toBe(await redis.get(redisNames.snapshot));
    const known = { 'if-none-match': `"1-x", ${String(answer.headers['etag'])}` };
    expect((await app.fetch('GET', '/internal/v1/snapshot', { token, headers: known })).status).toBe(304);
    expect((await app.fetch('GET', '/internal/v1/snapshot')).status).toBe(401);
  });
});

describe('with Redis', () => {
  it('emptied, the next start publishes the newest revision again', async () => {
    const before = await redis.get(redisNames.snapshot);
    await redis.flushall();
    const second = await startTestApp();
    expect(await redis.get(redisNames.snapshot)).toBe(before);
    await second.stop();
  });

  it('ahead of the database, the next start numbers above it', async () => {
    const snapshot = await published();
    const { sealSnapshot, encodeEnvelope } = await import('@penstock/config-sync');
    await redis.set(redisNames.snapshot, encodeEnvelope(sealSnapshot({ ...snapshot, revision: 900 }, keys)));
    const second = await startTestApp();
    expect((await published()).revision).toBe(901);
    await second.stop();
  });

  it('away, changes commit and are marked as not published', async () => {
    const away = await startTestApp({ env: { REDIS_URL: 'redis://127.0.0.1:1' } });
    const answer = await away.call('POST', '/teams', { body: documents.team('offline') });
    expect(answer.status).toBe(201);
    const list = await away.call('GET', '/config/revisions?limit=1');
    expect(list.body.items[0]).toMatchObject({ cause: 'create Team offline', published: false });
    expect((await away.call('GET', '/virtual-keys/app/limits')).status).toBe(503);
    expect((await away.call('GET', '/gateway-instances')).status).toBe(200);
    await away.stop();
    const back = await startTestApp();
    expect((await published()).teams.map(({ name }) => name)).toContain('offline');
    await back.stop();
  });
});

describe('the audit log', () => {
  it('is an unbroken chain that nobody can change', async () => {
    const { client } = app.nest.get(PrismaService);
    const { findBrokenLink } = await import('../audit-events/audit-chain.ts');
    const rows = await client.auditEvent.findMany({ orderBy: { sequence: 'asc' } });
    expect(rows.length).toBeGreaterThan(20);
    expect(findBrokenLink(rows)).toBeUndefined();
    expect(findBrokenLink(rows.map((row, index) => (index === 5 ? { ...row, actor: 'somebody else' } : row)))).toBe(6n);
    expect(findBrokenLink(rows.filter((_, index) => index !== 7))).toBe(9n);
    await expect(client.auditEvent.updateMany({ data: { actor: 'x' } })).rejects.toThrow();
    await expect(client.auditEvent.deleteMany()).rejects.toThrow();
    await expect(client.$executeRaw`TRUNCATE audit_event`).rejects.toThrow();
  });
});
