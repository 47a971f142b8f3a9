import { QuotaManifest, type Limit, type Quota } from '@penstock/contracts';
import { z } from 'zod';
import { microUsdToUsd, usdToMicroUsd } from '../../../lib/format-cost.ts';

/** One limit as an admin types it: costs in dollars, empty texts for what is left out. */
export interface LimitDraft {
  readonly unit: Limit['unit'];
  readonly window: Limit['window'] | '';
  /** Dollars for `cost`, else a count; null while the field is empty. */
  readonly max: number | null;
  readonly burst: number | null;
  readonly mode: Limit['mode'];
}

/** What the quota form holds. */
export interface QuotaDraft {
  readonly metadata: QuotaManifest['metadata'];
  readonly spec: { readonly displayName: string; readonly limits: readonly LimitDraft[] };
}

/** A limit to start from. */
export const NEW_LIMIT: LimitDraft = { unit: 'requests', window: 'minute', max: null, burst: null, mode: 'enforce' };

/** An empty form. */
export const NEW_QUOTA: QuotaDraft = {
  metadata: { name: '', labels: {}, annotations: {} },
  spec: { displayName: '', limits: [NEW_LIMIT] },
};

/** The form of a saved quota. */
export function draftOfQuota({ metadata, spec }: Quota): QuotaDraft {
  const limits = spec.limits.map(({ unit, window, max, burst, mode }) => ({
    unit,
    window: window ?? ('' as const),
    max: fromAmount(unit, max),
    burst: burst === undefined ? null : fromAmount(unit, burst),
    mode,
  }));
  return { metadata, spec: { displayName: spec.displayName ?? '', limits } };
}

/** Checks a draft with the admin API's own schema and turns it into the document to send. */
export const quotaSchema = z.custom<QuotaDraft>().transform(manifestOf).pipe(QuotaManifest);

function manifestOf({ metadata, spec }: QuotaDraft): z.input<typeof QuotaManifest> {
  const limits = spec.limits.map(({ unit, window, max, burst, mode }) => ({
    unit,
    mode,
    max: max === null ? Number.NaN : toAmount(unit, max),
    ...(unit !== 'concurrency' && window ? { window } : {}),
    ...(burst !== null && hasBurst(window) ? { burst: toAmount(unit, burst) } : {}),
  }));
  return { metadata, spec: { ...(spec.displayName ? { displayName: spec.displayName } : {}), limits } };
}

/** Whether a limit of this window may be taken in bursts. */
export function hasBurst(window: LimitDraft['window']): boolean {
  return window === 'second' || window === 'minute' || window === 'hour';
}

function toAmount(unit: Limit['unit'], typed: number): number {
  return unit === 'cost' ? usdToMicroUsd(typed) : typed;
}

function fromAmount(unit: Limit['unit'], amount: number): number {
  return unit === 'cost' ? microUsdToUsd(amount) : amount;
}
