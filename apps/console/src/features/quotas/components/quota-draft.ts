import { QuotaManifest, type Limit, type Quota } from '@penstock/contracts';
import { z } from 'zod';
import { microUsdToUsd, usdToMicroUsd } from '../../../lib/format-cost.ts';
import { settingsOf } from './limit-rules.ts';

/** One limit as an admin types it: costs in dollars, empty texts for what has the admin API's default. */
export interface LimitDraft {
  readonly unit: Limit['unit'];
  readonly window: Limit['window'] | '';
  readonly alignment: NonNullable<Limit['alignment']>;
  /** Dollars for `cost`, else a count; null while the field is empty. */
  readonly max: number | null;
  readonly burst: number | null;
  readonly mode: Limit['mode'];
  readonly onExceeded: 'deny' | 'route';
  /** The model to send to; only with `onExceeded: route`. */
  readonly route: string;
  readonly estimate: Limit['estimate'] | '';
  readonly onUnavailable: Limit['onUnavailable'] | '';
  readonly onUnknownPrice: Limit['onUnknownPrice'] | '';
  /** Percents as they are typed: `80` or `80%`. */
  readonly alertThresholds: readonly string[];
}

/** What the quota form holds. */
export interface QuotaDraft {
  readonly metadata: QuotaManifest['metadata'];
  readonly spec: { readonly displayName: string; readonly limits: readonly LimitDraft[] };
}

/** A limit to start from. */
export const NEW_LIMIT: LimitDraft = {
  unit: 'requests',
  window: 'minute',
  alignment: 'calendar',
  max: null,
  burst: null,
  mode: 'enforce',
  onExceeded: 'deny',
  route: '',
  estimate: '',
  onUnavailable: '',
  onUnknownPrice: '',
  alertThresholds: [],
};

/** An empty form. */
export const NEW_QUOTA: QuotaDraft = {
  metadata: { name: '', labels: {}, annotations: {} },
  spec: { displayName: '', limits: [NEW_LIMIT] },
};

/** The form of a saved quota. */
export function draftOfQuota({ metadata, spec }: Quota): QuotaDraft {
  return { metadata, spec: { displayName: spec.displayName ?? '', limits: spec.limits.map(draftOfLimit) } };
}

function draftOfLimit(limit: Limit): LimitDraft {
  const { unit, window = '', max, burst, mode, onExceeded, alignment = 'calendar', alertThresholds = [] } = limit;
  const route = typeof onExceeded === 'object' ? onExceeded.route : '';
  return {
    unit,
    window,
    alignment,
    mode,
    max: fromAmount(unit, max),
    burst: burst === undefined ? null : fromAmount(unit, burst),
    onExceeded: route ? 'route' : 'deny',
    route,
    estimate: limit.estimate ?? '',
    onUnavailable: limit.onUnavailable ?? '',
    onUnknownPrice: limit.onUnknownPrice ?? '',
    alertThresholds: alertThresholds.map((percent) => `${percent}%`),
  };
}

/** Checks a draft with the admin API's own schema and turns it into the document to send. */
export const quotaSchema = z.custom<QuotaDraft>().superRefine(checkTexts).transform(manifestOf).pipe(QuotaManifest);

/** What the admin API's schema would report at a place that the form does not have, or not in words for people. */
function checkTexts({ spec }: QuotaDraft, context: z.RefinementCtx<QuotaDraft>): void {
  const issue = (path: (string | number)[], message: string): void =>
    context.addIssue({ code: 'custom', path: ['spec', 'limits', ...path], message });
  for (const [index, limit] of spec.limits.entries()) {
    if (routes(limit) && !limit.route.trim()) issue([index, 'route'], 'Name the model to send to.');
    const odd = limit.alertThresholds.some((text) => !Number.isInteger(percentOf(text)));
    if (settingsOf(limit).ledger && odd) issue([index, 'alertThresholds'], 'Each has to be a whole percent, 1 to 100.');
  }
}

function manifestOf({ metadata, spec }: QuotaDraft): z.input<typeof QuotaManifest> {
  return {
    metadata,
    spec: { ...(spec.displayName ? { displayName: spec.displayName } : {}), limits: spec.limits.map(limitOf) },
  };
}

/** The limit that is sent for a draft: without what does not fit its unit and window, and without defaults. */
export function limitOf(draft: LimitDraft): Limit {
  const { unit, window, max, mode, onUnavailable } = draft;
  return {
    unit,
    mode,
    max: max === null ? Number.NaN : toAmount(unit, max),
    ...(unit !== 'concurrency' && window && { window }),
    ...(routes(draft) && { onExceeded: { route: draft.route.trim() } }),
    ...(onUnavailable && { onUnavailable }),
    ...fittingOf(draft),
  };
}

/** What only some units and windows have. */
function fittingOf(draft: LimitDraft): Partial<Limit> {
  const { unit, burst, alignment, alertThresholds, estimate, onUnknownPrice } = draft;
  const settings = settingsOf(draft);
  return {
    ...(settings.ledger && alignment === 'rolling' && { alignment }),
    ...(settings.ledger && alertThresholds.length > 0 && { alertThresholds: alertThresholds.map(percentOf) }),
    ...(settings.burst && burst !== null && { burst: toAmount(unit, burst) }),
    ...(settings.estimate && estimate && { estimate }),
    ...(settings.unknownPrice && onUnknownPrice && { onUnknownPrice }),
  };
}

function routes({ mode, onExceeded }: LimitDraft): boolean {
  return mode === 'enforce' && onExceeded === 'route';
}

function percentOf(text: string): number {
  return Number(text.trim().replace(/\s*%$/, '') || Number.NaN);
}

function toAmount(unit: Limit['unit'], typed: number): number {
  return unit === 'cost' ? usdToMicroUsd(typed) : typed;
}

function fromAmount(unit: Limit['unit'], amount: number): number {
  return unit === 'cost' ? microUsdToUsd(amount) : amount;
}
