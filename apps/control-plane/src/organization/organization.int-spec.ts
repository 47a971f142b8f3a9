import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type ConfigSnapshot, Organization, redisNames } from '@penstock/contracts';
import { Redis } from 'ioredis';
import { PrismaService } from '../prisma/prisma.service.ts';
import * as documents from '../testing/documents.ts';
import { startTestApp, type TestApp } from '../testing/test-app.ts';

const redis = new Redis(process.env['REDIS_URL'] ?? 'missing', { lazyConnect: true });
let app: TestApp;
beforeAll(async () => {
  await redis.connect();
  app = await startTestApp();
  await app.call('POST', '/quotas', { body: documents.quota('budget') });
});
afterAll(async () => {
  await app.stop();
  redis.disconnect();
});
beforeEach(async () => {
  await app.call('PUT', '/organization', { body: documents.organization() });
});

async function published(): Promise<ConfigSnapshot> {
  const text = await redis.get(redisNames.snapshot);
  return JSON.parse((JSON.parse(text ?? '{}') as { body: string }).body) as ConfigSnapshot;
}

describe('the organization', () => {
  it('is one document, which is read, replaced and patched, and published with each write', async () => {
    const read = await app.call('GET', '/organization');
    expect(Organization.parse(read.body)).toMatchObject({
      metadata: { name: 'default' },
      spec: { timeZone: 'UTC', quotas: [] },
    });
    const before = (await published()).revision;
    const put = await app.call('PUT', '/organization', {
      body: documents.organization({ displayName: 'Acme', timeZone: 'Europe/Berlin', quotas: ['budget'] }),
    });
    expect(put).toMatchObject({ status: 200, body: { kind: 'Organization', spec: { timeZone: 'Europe/Berlin' } } });
    const { revision, organizations } = await published();
    expect(revision).toBe(before + 1);
    expect(organizations).toMatchObject([
      { name: 'default', timeZone: 'Europe/Berlin', reseeded: true, limits: [{ id: 'budget/requests/minute' }] },
    ]);
    const patched = await app.call('PATCH', '/organization', { body: { spec: { displayName: null, quotas: [] } } });
    expect(patched.body.spec).toEqual({ timeZone: 'Europe/Berlin', quotas: [] });
    expect((await published()).organizations).toMatchObject([{ limits: [] }]);
    expect((await app.call('GET', '/settings')).body.timeZone).toBe('Europe/Berlin');
    const audit = await app.call('GET', '/audit-events?resourceKind=Organization&limit=1');
    expect(audit.body.items[0]).toMatchObject({
      action: 'update',
      resourceName: 'default',
      before: { spec: { quotas: ['budget'] } },
      after: { spec: { quotas: [] } },
    });
    const diff = await app.call('GET', `/config/diff?from=${before}&to=${revision}`);
    expect(diff.body.items).toMatchObject([{ kind: 'Organization', name: 'default', fields: ['timeZone', 'limits'] }]);
  });

  it('refuses a stale If-Match, a new name, an unknown zone or quota, and to be created or deleted', async () => {
    const { headers } = await app.call('GET', '/organization');
    const etag = String(headers['etag']);
    const write = async (body: object) => app.call('PUT', '/organization', { body, headers: { 'if-match': etag } });
    expect(await write({ metadata: { name: 'acme' }, spec: {} })).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'metadata.name' }] },
    });
    expect(await write(documents.organization({ timeZone: '+02:00' }))).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'spec.timeZone' }] },
    });
    expect(await write(documents.organization({ quotas: ['budget', 'nothing'] }))).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'spec.quotas[1]' }] },
    });
    expect((await write(documents.organization())).status).toBe(200);
    expect((await write(documents.organization())).status).toBe(412);
    expect((await app.call('POST', '/organization', { body: documents.organization() })).status).toBe(404);
    expect((await app.call('DELETE', '/organization')).status).toBe(404);
  });

  it('is read by viewers and written by admins', async () => {
    const issued = await app.call('POST', '/admin-tokens', { body: { name: 'org-viewer', role: 'viewer' } });
    expect(issued.status).toBe(201);
    const token = String(issued.body.token);
    expect((await app.call('GET', '/organization', { token })).status).toBe(200);
    const body = documents.organization();
    expect((await app.call('PUT', '/organization', { token, body })).status).toBe(403);
    expect((await app.call('PATCH', '/organization', { token, body: {} })).status).toBe(403);
  });

  it('is whole where an earlier release has stored it', async () => {
    const { client } = app.nest.get(PrismaService);
    await client.organization.updateMany({ data: { spec: {} } });
    expect((await app.call('GET', '/organization')).body.spec).toEqual({ timeZone: 'UTC', quotas: [] });
    const patched = await app.call('PATCH', '/organization', { body: { spec: { timeZone: 'Asia/Kathmandu' } } });
    expect(patched.body.spec).toEqual({ timeZone: 'Asia/Kathmandu', quotas: [] });
  });
});
