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
});
