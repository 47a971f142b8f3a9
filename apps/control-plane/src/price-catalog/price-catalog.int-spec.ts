import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PriceCatalogStatus, SnapshotProvider } from '@penstock/contracts';
import { PriceCatalogStore } from './price-catalog.store.ts';
import { PrismaService } from '../prisma/prisma.service.ts';
import { RevisionStore } from '../config-revisions/revision-store.ts';
import { price, provider } from '../testing/documents.ts';
import { startTestApp, type TestApp } from '../testing/test-app.ts';
import { unknownPriceModels } from './unknown-price-models.ts';

const organizationId = '00000000-0000-7000-8000-000000000001';
const NIL = '00000000-0000-0000-0000-000000000000';
const MODELS = [
  { id: 'ours', upstreamModel: 'their-model' },
  { id: 'strange' },
  { id: 'twice-a', upstreamModel: 'twice' },
  { id: 'twice-b', upstreamModel: 'twice' },
];
let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
  await app.call('POST', '/llm-providers', { body: provider('any', { template: 'anthropic' }) });
  const models = [{ id: 'ours', upstreamModel: 'their-model' }, { id: 'strange' }];
  await app.call('POST', '/llm-providers', { body: provider('declared', { template: 'anthropic', models }) });
});
afterAll(() => app.stop());

const catalog = (inputPerMillion: number) => ({
  source: 'ours',
  license: 'none',
  date: '2026-04-01',
  sourceSha256: 'a'.repeat(64),
  templates: { anthropic: { 'their-model': { inputPerMillion, outputPerMillion: 20 } } },
});
const put = (body: unknown) => app.call('PUT', '/price-catalog', { body });

/** Providers of the newest revision by name, as a gateway gets them. */
async function published(): Promise<Record<string, SnapshotProvider>> {
  const revisions = app.nest.get(RevisionStore);
  const { client } = app.nest.get(PrismaService);
  const envelope = await revisions.envelope(client, await revisions.newest(client));
  const { providers } = JSON.parse(envelope?.body ?? '{}') as { providers: unknown[] };
  return Object.fromEntries(
    providers.map((value) => SnapshotProvider.parse(value)).map((value) => [value.name, value]),
  );
}

describe('the price catalog', () => {
  it('is that of the release at first, and lists its models', async () => {
    const { body } = await app.call('GET', '/price-catalog');
    expect(PriceCatalogStatus.parse(body)).toMatchObject({ uploaded: false, updatedAt: null, license: 'MIT' });
    const page = await app.call('GET', '/price-catalog/models?template=anthropic&limit=2&q=CLAUDE');
    expect(page.body.items).toHaveLength(2);
    expect(page.body.items[0].template).toBe('anthropic');
    const next = await app.call(
      'GET',
      `/price-catalog/models?template=anthropic&limit=2&cursor=${page.body.nextCursor}`,
    );
    expect(next.body.items[0].model).not.toBe(page.body.items[1].model);
    expect(Object.keys((await published())['any']?.prices ?? {})).toHaveLength(page.body.total);
  });

  it('is replaced by an upload, in one revision that gateways get', async () => {
    const before = (await app.call('GET', '/config/revisions?limit=1')).body.items[0].revision as number;
    const answer = await put(catalog(10));
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ uploaded: true, source: 'ours', models: 1 });
    const version = `catalog:2026-04-01:${answer.body.sha256.slice(0, 12)}`;
    const expected = [{ version, effectiveFrom: null, inputPerMillion: 10, outputPerMillion: 20 }];
    const providers = await published();
    expect(providers['any']?.prices).toEqual({ 'their-model': expected });
    expect(providers['declared']?.prices).toEqual({ ours: expected });
    const [revision] = (await app.call('GET', '/config/revisions?limit=1')).body.items;
    expect(revision).toMatchObject({ revision: before + 1, cause: 'update PriceCatalog price-catalog' });
    const [audit] = (await app.call('GET', '/audit-events?limit=1')).body.items;
    expect(audit).toMatchObject({ action: 'update', resourceKind: 'PriceCatalog', after: answer.body });
    expect((await app.call('GET', '/price-catalog')).body).toEqual(answer.body);
  });

  it('is read anew by another process after each upload', async () => {
    const { client } = app.nest.get(PrismaService);
    const other = new PriceCatalogStore();
    expect((await other.inForce(client, organizationId)).sha256).toBe(
      (await app.call('GET', '/price-catalog')).body.sha256,
    );
    const { body } = await put(catalog(11));
    expect((await other.inForce(client, organizationId)).sha256).toBe(body.sha256);
  });

  it('stands behind prices that are set', async () => {
    const spec = {
      model: 'ours',
      longCacheWritePerMillion: 7,
      tiers: [{ aboveInputTokens: 5, inputPerMillion: 1, outputPerMillion: 2 }],
    };
    const created = await app.call('POST', '/model-prices', { body: price('own', 'declared', spec) });
    expect(created.body.spec).toMatchObject(spec);
    expect((await published())['declared']?.prices['ours']).toMatchObject([
      { longCacheWritePerMillion: 7, tiers: spec.tiers },
    ]);
    const effectiveFrom = '2999-01-01T00:00:00Z';
    await app.call('PATCH', '/model-prices/own', { body: { spec: { effectiveFrom } } });
    const prices = (await published())['declared']?.prices['ours'] ?? [];
    expect(prices.map((entry) => entry.effectiveFrom)).toEqual([null, '2999-01-01T00:00:00.000Z']);
    expect(prices[0]?.version).toMatch(/^catalog:/);
    await app.call('DELETE', '/model-prices/own');
  });

  it("takes LiteLLM's file, and says its digest", async () => {
    const text = JSON.stringify({
      sample_spec: { litellm_provider: 'one of …' },
      'their-model': {
        litellm_provider: 'anthropic',
        mode: 'chat',
        input_cost_per_token: 3e-6,
        output_cost_per_token: 1.5e-5,
      },
    });
    const answer = await app.call('PUT', '/price-catalog', {
      body: text,
      headers: { 'content-type': 'application/json' },
    });
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ models: 1, license: 'MIT', uploaded: true });
    expect(answer.body.sourceSha256).toBe(createHash('sha256').update(text).digest('hex'));
    expect((await published())['any']?.prices['their-model']?.[0]?.inputPerMillion).toBe(3_000_000);
  });

  it('names the fields of an upload that are at fault, and keeps what it has', async () => {
    const { body: before } = await app.call('GET', '/price-catalog');
    const wrong = {
      ...catalog(1),
      date: 'yesterday',
      templates: { t: { m: { inputPerMillion: -1, outputPerMillion: 1, x: 1 } } },
    };
    const answer = await put(wrong);
    expect(answer.status).toBe(400);
    expect(answer.body.errors.map(({ field }: { field: string }) => field)).toEqual(
      expect.arrayContaining(['date', 'templates.t.m.inputPerMillion', 'templates.t.m.x']),
    );
    expect((await put({})).status).toBe(400);
    expect((await put({ ...catalog(1), templates: {} })).body.errors).toEqual([
      { field: 'templates', message: 'holds no model with a price' },
    ]);
    const models = Object.fromEntries(
      Array.from({ length: 2_001 }, (_, index) => [`m${index}`, { inputPerMillion: 1, outputPerMillion: 1 }]),
    );
    expect((await put({ ...catalog(1), templates: { t: models } })).body.errors[0].field).toBe('templates.t');
    expect((await app.call('GET', '/price-catalog')).body).toEqual(before);
  });

  it('takes a large file, and other routes do not', async () => {
    const padding = 'x'.repeat(6 * 1024 * 1024);
    const large = {
      m: {
        litellm_provider: 'anthropic',
        mode: 'chat',
        input_cost_per_token: 1e-6,
        output_cost_per_token: 1e-6,
        padding,
      },
    };
    expect((await put(large)).status).toBe(200);
    expect((await app.call('POST', '/model-prices', { body: large })).status).toBe(413);
    expect((await put({ ...large, more: { padding: padding + padding } })).status).toBe(413);
  });

  it('goes back to that of the release, once', async () => {
    const answer = await app.call('DELETE', '/price-catalog');
    expect([answer.status, answer.body.uploaded]).toEqual([200, false]);
    const { revision } = (await app.call('GET', '/config/revisions?limit=1')).body.items[0];
    expect((await app.call('DELETE', '/price-catalog')).body).toEqual(answer.body);
    expect((await app.call('GET', '/config/revisions?limit=1')).body.items[0].revision).toBe(revision);
    expect(Object.keys((await published())['any']?.prices ?? {}).length).toBeGreaterThan(5);
  });
});

describe('models without a price', () => {
  it('are told with their requests, the most first, for the quarters of an hour that the range touches', async () => {
    const { client } = app.nest.get(PrismaService);
    const row = (minute: number, model: string, unknown: bigint) => ({
      organizationId,
      bucketStart: new Date(Date.UTC(2026, 0, 1, 0, minute)),
      virtualKeyId: NIL,
      teamId: NIL,
      proxyId: NIL,
      providerId: NIL,
      model,
      virtualKeyName: '',
      teamName: '',
      proxyName: '',
      providerName: { lost: '', 'their-model': 'declared', twice: 'declared' }[model] ?? 'lab',
      requests: 9n,
      errors: 0n,
      inputTokens: 0n,
      outputTokens: 0n,
      cachedInputTokens: 0n,
      reasoningTokens: 0n,
      costMicroUsd: 0n,
      unknownCostRequests: unknown,
      durationMsSum: 0,
      durationCount: 0n,
      firstTokenMsSum: 0,
      firstTokenCount: 0n,
    });
    const data = [
      row(0, 'a', 1n),
      row(15, 'a', 2n),
      row(15, 'b', 5n),
      row(15, 'known', 0n),
      row(30, 'lost', 1n),
      row(45, 'late', 8n),
      row(60, 'their-model', 2n),
      row(60, 'twice', 1n),
    ];
    await client.usageRollup.createMany({ data });
    const { body } = await app.call('GET', '/price-catalog/unknown?from=2026-01-01T00:10:00Z&to=2026-01-01T00:45:00Z');
    const items = [
      { provider: 'lab', model: 'b', upstreamModel: 'b', requests: 5 },
      { provider: 'lab', model: 'a', upstreamModel: 'a', requests: 3 },
      { provider: null, model: 'lost', upstreamModel: 'lost', requests: 1 },
    ];
    expect(body).toEqual({ from: '2026-01-01T00:10:00.000Z', to: '2026-01-01T00:45:00.000Z', items });
    const [from, to] = [new Date('2026-01-01T00:45:00Z'), new Date('2026-01-01T01:00:00Z')];
    expect(await unknownPriceModels(client, organizationId, from, to)).toEqual([
      { provider: 'lab', model: 'late', upstreamModel: 'late', requests: 8 },
    ]);
    const declared = { template: 'anthropic', models: MODELS };
    await app.call('PUT', '/llm-providers/declared', { body: provider('declared', declared) });
    await app.call('POST', '/model-prices', { body: price('first-twice', 'declared', { model: 'twice-a' }) });
    const { body: named } = await app.call(
      'GET',
      '/price-catalog/unknown?from=2026-01-01T01:00:00Z&to=2026-01-01T02:00:00Z',
    );
    expect(named.items).toEqual([
      { provider: 'declared', model: 'ours', upstreamModel: 'their-model', requests: 2 },
      { provider: 'declared', model: 'twice-b', upstreamModel: 'twice', requests: 1 },
    ]);
    expect((await app.call('GET', '/price-catalog/unknown?from=2026-02-01&to=2026-01-01T00:00:00Z')).status).toBe(400);
  });
});
