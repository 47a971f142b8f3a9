import { describe, expect, it } from '@jest/globals';
import { NEW_LIMIT, NEW_QUOTA, quotaSchema, draftOfQuota, type LimitDraft } from './quota-draft.ts';

const draft = (...limits: Partial<LimitDraft>[]) => ({
  metadata: { name: 'small', labels: {}, annotations: {} },
  spec: { displayName: '', limits: limits.map((limit) => ({ ...NEW_LIMIT, ...limit })) },
});

describe('the quota form', () => {
  it('sends costs in micro-USD that were typed in dollars', () => {
    const manifest = quotaSchema.parse(draft({ unit: 'cost', window: 'month', max: 12.345678 }));
    expect(manifest.spec.limits).toEqual([{ unit: 'cost', window: 'month', max: 12_345_678, mode: 'enforce' }]);
  });

  it('leaves counts as they are and keeps a burst only where one may be', () => {
    const manifest = quotaSchema.parse(
      draft(
        { unit: 'requests', window: 'minute', max: 60, burst: 10 },
        { unit: 'tokens', window: 'day', max: 1000, burst: 5 },
      ),
    );
    expect(manifest.spec.limits).toEqual([
      { unit: 'requests', window: 'minute', max: 60, burst: 10, mode: 'enforce' },
      { unit: 'tokens', window: 'day', max: 1000, mode: 'enforce' },
    ]);
  });

  it('sends no window for a limit of concurrency', () => {
    expect(quotaSchema.parse(draft({ unit: 'concurrency', max: 4 })).spec.limits).toEqual([
      { unit: 'concurrency', max: 4, mode: 'enforce' },
    ]);
  });

  it('reports an empty amount at its field', () => {
    const { error } = quotaSchema.safeParse(draft({ max: null }));
    expect(error?.issues.map(({ path }) => path.join('.'))).toEqual(['spec.limits.0.max']);
  });

  it('shows a saved quota as it was typed', () => {
    const manifest = quotaSchema.parse(draft({ unit: 'cost', window: 'month', max: 5 }));
    const status = { id: '1', createdAt: '2026-01-01T00:00:00Z', updatedAt: '2026-01-01T00:00:00Z' };
    const again = draftOfQuota({ ...manifest, apiVersion: 'penstock.dev/v1', status });
    expect(again.spec.limits[0]).toEqual({ unit: 'cost', window: 'month', max: 5, burst: null, mode: 'enforce' });
    expect(NEW_QUOTA.spec.limits).toHaveLength(1);
  });
});
