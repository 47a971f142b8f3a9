import { describe, expect, it } from '@jest/globals';
import { LimitUnit, LimitWindow, type Limit, type Quota } from '@penstock/contracts';
import fc from 'fast-check';
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
    expect(again.spec.limits[0]).toEqual({ ...NEW_LIMIT, unit: 'cost', window: 'month', max: 5 });
    expect(NEW_QUOTA.spec.limits).toHaveLength(1);
  });

  it('sends percents as numbers, and the model to send to without what stands around it', () => {
    const limit = { unit: 'cost', window: 'month', max: 5, alignment: 'rolling' } as const;
    const { spec } = quotaSchema.parse(
      draft({ ...limit, alertThresholds: ['50', '80%', '100 %'], onExceeded: 'route', route: ' small ' }),
    );
    expect(spec.limits).toEqual([
      { ...limit, max: 5_000_000, mode: 'enforce', alertThresholds: [50, 80, 100], onExceeded: { route: 'small' } },
    ]);
  });

  it.each<[string, Partial<LimitDraft>, string]>([
    ['a route without a model', { max: 1, onExceeded: 'route' }, 'spec.limits.0.route'],
    ['a threshold that is no percent', { max: 1, window: 'day', alertThresholds: ['many'] }, 'alertThresholds'],
    ['a threshold that is above all', { max: 1, window: 'day', alertThresholds: ['101'] }, 'alertThresholds.0'],
  ])('reports %s at its field', (_, limit, path) => {
    const { error } = quotaSchema.safeParse(draft(limit));
    expect(error?.issues.map((issue) => issue.path.join('.'))).toEqual([expect.stringContaining(path)]);
  });

  it('sends nothing that does not fit the unit and the window, whatever was chosen before', () => {
    const everything: Partial<LimitDraft> = {
      max: 10,
      burst: 5,
      alignment: 'rolling',
      onExceeded: 'route',
      route: 'small',
      estimate: 'hard',
      onUnavailable: 'deny',
      onUnknownPrice: 'deny',
      alertThresholds: ['80'],
    };
    const units = fc.constantFrom(...LimitUnit.options);
    const windows = fc.constantFrom(...LimitWindow.options);
    const modes = fc.constantFrom('enforce', 'shadow');
    fc.assert(
      fc.property(units, windows, modes, (unit, window, mode) => {
        fc.pre(unit !== 'cost' || (window !== 'second' && window !== 'minute'));
        expect(quotaSchema.safeParse(draft({ ...everything, unit, window, mode })).error).toBeUndefined();
      }),
    );
  });

  it('saves a quota that nobody changed as it was', () => {
    const limits: Limit[] = [
      { unit: 'requests', window: 'second', max: 7, burst: 9, mode: 'enforce', onUnavailable: 'allow' },
      { unit: 'tokens', window: 'week', max: 7, mode: 'shadow', alignment: 'rolling', estimate: 'hard' },
      { unit: 'cost', window: 'hour', max: 1, mode: 'enforce', onUnknownPrice: 'deny', alertThresholds: [50, 100] },
      { unit: 'concurrency', max: 4, mode: 'enforce', onExceeded: { route: 'small' } },
    ];
    const { metadata } = draft();
    const status = { id: '1', createdAt: '2026-01-01T00:00:00Z', updatedAt: '2026-01-01T00:00:00Z' };
    const saved: Quota = { apiVersion: 'penstock.dev/v1', kind: 'Quota', metadata, spec: { limits }, status };
    expect(quotaSchema.parse(draftOfQuota(saved)).spec.limits).toEqual(limits);
  });
});
