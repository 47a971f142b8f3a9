import { describe, expect, it } from '@jest/globals';
import type { ModelPrice } from '@penstock/contracts';
import fc from 'fast-check';
import {
  draftOfPrice,
  NEW_PRICE,
  NEW_TIER,
  newPriceOf,
  priceSchema,
  type PriceDraft,
  type TierDraft,
} from './price-draft.ts';

const draft = (spec: Partial<PriceDraft['spec']>): PriceDraft => ({
  metadata: { name: 'lab-qwen', labels: {}, annotations: {} },
  spec: { ...NEW_PRICE.spec, provider: 'lab', model: 'qwen', inputPerMillion: 0.1, outputPerMillion: 0.2, ...spec },
});
const saved = (spec: Partial<ModelPrice['spec']>): ModelPrice => ({
  apiVersion: 'penstock.dev/v1',
  kind: 'ModelPrice',
  metadata: { name: 'lab-qwen', labels: {}, annotations: {} },
  spec: { provider: 'lab', model: 'qwen', inputPerMillion: 1, outputPerMillion: 2, ...spec },
  status: { id: '1', createdAt: '2026-01-01T00:00:00Z', updatedAt: '2026-01-01T00:00:00Z' },
});

describe('the price form', () => {
  it('sends micro-USD that were typed in dollars, and leaves out what is empty', () => {
    expect(priceSchema.parse(draft({ inputPerMillion: 2.5, outputPerMillion: 0.000_001 })).spec).toEqual({
      provider: 'lab',
      model: 'qwen',
      inputPerMillion: 2_500_000,
      outputPerMillion: 1,
    });
    const { spec } = priceSchema.parse(draft({ cachedInputPerMillion: 0, reasoningPerMillion: 12 }));
    expect(spec).toMatchObject({ cachedInputPerMillion: 0, reasoningPerMillion: 12_000_000 });
  });

  it('reports what is missing at its field', () => {
    const { error } = priceSchema.safeParse(draft({ provider: '', model: '', inputPerMillion: null }));
    const paths = new Set(error?.issues.map(({ path }) => path.join('.')));
    expect([...paths]).toEqual(['spec.provider', 'spec.model', 'spec.inputPerMillion']);
  });

  it('saves a price that nobody changed as it was, to the micro-USD and to the second', () => {
    const amount = fc.integer({ min: 0, max: 1_000_000_000 });
    const time = fc
      .date({ min: new Date('2020-01-01'), max: new Date('2030-01-01'), noInvalidDate: true })
      .map((date) => date.toISOString());
    const spec = fc.record(
      {
        inputPerMillion: amount,
        outputPerMillion: amount,
        cachedInputPerMillion: amount,
        reasoningPerMillion: amount,
        cacheWritePerMillion: amount,
        longCacheWritePerMillion: amount,
        audioInputPerMillion: amount,
        imageOutputPerMillion: amount,
        tiers: fc.constant<NonNullable<ModelPrice['spec']['tiers']>>([
          { aboveInputTokens: 200_000, inputPerMillion: 3, outputPerMillion: 4, cacheWritePerMillion: 5 },
          { aboveInputTokens: 500_000, inputPerMillion: 6, outputPerMillion: 7 },
        ]),
        effectiveFrom: time,
      },
      { requiredKeys: ['inputPerMillion', 'outputPerMillion'] },
    );
    fc.assert(
      fc.property(spec, (fields) => {
        const price = saved(fields);
        expect(priceSchema.parse(draftOfPrice(price)).spec).toEqual(price.spec);
      }),
    );
  });

  it('reports what is missing in a tier at its field, and tiers in the wrong order', () => {
    const pathsOf = (tiers: TierDraft[]) =>
      priceSchema.safeParse(draft({ tiers })).error?.issues.map(({ path }) => path.join('.'));
    expect(pathsOf([NEW_TIER])).toEqual([
      'spec.tiers.0.aboveInputTokens',
      'spec.tiers.0.inputPerMillion',
      'spec.tiers.0.outputPerMillion',
    ]);
    const tier = { ...NEW_TIER, inputPerMillion: 1, outputPerMillion: 2 };
    expect(pathsOf([2000, 1000].map((aboveInputTokens) => ({ ...tier, aboveInputTokens })))).toEqual(['spec.tiers']);
  });

  it('is named after what it is for', () => {
    expect(newPriceOf('lab', 'Qwen 3')).toMatchObject({
      metadata: { name: 'lab-qwen-3' },
      spec: { provider: 'lab', model: 'Qwen 3' },
    });
  });

  it('sends another time once another one is typed', () => {
    const again = draftOfPrice(saved({ effectiveFrom: '2026-03-01T10:00:30.000Z' }));
    const typed = { ...again, spec: { ...again.spec, effectiveFrom: '2026-04-01T00:00' } };
    expect(priceSchema.parse(typed).spec.effectiveFrom).toBe(new Date('2026-04-01T00:00').toISOString());
    const emptied = { ...again, spec: { ...again.spec, effectiveFrom: '' } };
    expect(priceSchema.parse(emptied).spec.effectiveFrom).toBeUndefined();
  });
});
