import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ModelPrice } from '@penstock/contracts';
import { PrismaService } from '../prisma/prisma.service.ts';
import { price, provider } from '../testing/documents.ts';
import { startTestApp, type TestApp } from '../testing/test-app.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
  await app.call('POST', '/llm-providers', { body: provider('lab') });
});
afterAll(() => app.stop());

const every = {
  model: 'qwen',
  inputPerMillion: 1,
  outputPerMillion: 2,
  cachedInputPerMillion: 3,
  cacheWritePerMillion: 4,
  longCacheWritePerMillion: 5,
  reasoningPerMillion: 6,
  audioInputPerMillion: 7,
  audioOutputPerMillion: 8,
  imageInputPerMillion: 9,
  imageOutputPerMillion: 10,
  tiers: [
    { aboveInputTokens: 128_000, inputPerMillion: 11, outputPerMillion: 12, longCacheWritePerMillion: 13 },
    { aboveInputTokens: 200_000, inputPerMillion: 14, outputPerMillion: 15 },
  ],
  effectiveFrom: '2026-01-01T00:00:00+01:00',
};
const create = (name: string, spec: object) => app.call('POST', '/model-prices', { body: price(name, 'lab', spec) });

describe('a ModelPrice', () => {
  it('holds a price for every kind of token, and tiers', async () => {
    const created = await create('full', every);
    expect(created.status).toBe(201);
    expect(ModelPrice.parse(created.body).spec).toEqual({ provider: 'lab', ...every });
    expect((await app.call('GET', '/model-prices/full')).body.spec).toEqual({ provider: 'lab', ...every });
    const patched = await app.call('PATCH', '/model-prices/full', {
      body: { spec: { tiers: null, audioInputPerMillion: 0 } },
    });
    const { tiers: _, ...flat } = every;
    expect(patched.body.spec).toEqual({ provider: 'lab', ...flat, audioInputPerMillion: 0 });
  });

  it('is refused with the fields that are at fault', async () => {
    const fields = async (spec: object) =>
      (await create('wrong', spec)).body.errors.map(({ field }: { field: string }) => field);
    expect(await fields({ imageOutputPerMillion: 0.5 })).toEqual(['spec.imageOutputPerMillion']);
    expect(await fields({ cacheWritePerMillion: -1 })).toEqual(['spec.cacheWritePerMillion']);
    expect(await fields({ tiers: every.tiers.toReversed() })).toEqual(['spec.tiers']);
    expect(await fields({ tiers: [{ aboveInputTokens: 0, inputPerMillion: 1 }] })).toEqual([
      'spec.tiers[0].aboveInputTokens',
      'spec.tiers[0].outputPerMillion',
    ]);
    expect(await fields({ perImage: 1 })).toEqual(['spec.perImage']);
  });

  it('is valid as an earlier release has stored it', async () => {
    await create('old', {});
    const spec = { provider: 'lab', model: 'qwen', inputPerMillion: 1, outputPerMillion: 2, cachedInputPerMillion: 1 };
    await app.nest.get(PrismaService).client.modelPrice.updateMany({ where: { name: 'old' }, data: { spec } });
    const { body } = await app.call('GET', '/model-prices/old');
    expect(ModelPrice.parse(body).spec).toEqual(spec);
    expect((await app.call('PATCH', '/model-prices/old', { body: { spec: { outputPerMillion: 3 } } })).status).toBe(
      200,
    );
  });

  it('is refused for a model that its provider does not declare, with the ids that it has', async () => {
    const models = [{ id: 'ours', upstreamModel: 'their-model' }, { id: 'other' }];
    await app.call('POST', '/llm-providers', { body: provider('declaring', { models }) });
    const post = async (name: string, model: string) =>
      app.call('POST', '/model-prices', { body: price(name, 'declaring', { model }) });
    const { status, body } = await post('upstream-name', 'their-model');
    expect({ status, fields: body.errors.map(({ field }: { field: string }) => field) }).toEqual({
      status: 400,
      fields: ['spec.model'],
    });
    expect(body.errors[0].message).toMatch(/it has 'ours', 'other' \('ours' is the one/);
    expect((await post('by-id', 'ours')).status).toBe(201);
    // The provider gives the model up: its price may be edited, but no other model's be made of it.
    await app.call('PUT', '/llm-providers/declaring', { body: provider('declaring', { models: [{ id: 'other' }] }) });
    const patch = async (spec: object) => (await app.call('PATCH', '/model-prices/by-id', { body: { spec } })).status;
    expect(await patch({ inputPerMillion: 1 })).toBe(200);
    expect(await patch({ model: 'unheard-of' })).toBe(400);
  });

  it('is the only one of its model from one time on', async () => {
    const at = (model: string, effectiveFrom?: string) => ({ model, ...(effectiveFrom && { effectiveFrom }) });
    expect((await create('always', at('single'))).status).toBe(201);
    expect((await create('from-june', at('single', '2026-06-01T00:00:00Z'))).status).toBe(201);
    expect((await create('of-another', at('single-2'))).status).toBe(201);
    for (const [spec, other] of [
      [at('single'), 'always'],
      [at('single', '2026-06-01T02:00:00+02:00'), 'from-june'],
    ] as const) {
      const { status, body } = await create('second', spec);
      expect(status).toBe(409);
      expect(body.message).toContain(`'${other}'`);
      expect(body.errors[0].field).toBe('spec.effectiveFrom');
    }
    const patched = await app.call('PATCH', '/model-prices/from-june', { body: { spec: { effectiveFrom: null } } });
    expect(patched.status).toBe(409);
    expect((await app.call('PATCH', '/model-prices/always', { body: { spec: { outputPerMillion: 9 } } })).status).toBe(
      200,
    );
  });
});
