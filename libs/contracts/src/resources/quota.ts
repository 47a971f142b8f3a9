import { z } from 'zod';
import { manifestOf, ResourceName, ResourceStatus, resourceOf } from './metadata.ts';

export const LimitUnit = z.enum(['requests', 'tokens', 'input-tokens', 'output-tokens', 'cost', 'concurrency']);
export type LimitUnit = z.infer<typeof LimitUnit>;

export const LimitWindow = z.enum(['second', 'minute', 'hour', 'day', 'week', 'month']);
export type LimitWindow = z.infer<typeof LimitWindow>;

/** Largest amount a limit may have: integers stay exact in Redis' Lua up to here (9e12 micro-USD are 9 million USD). */
export const MAX_LIMIT_AMOUNT = 9_000_000_000_000;

/** What becomes of a request that a limit does not admit: it is refused, or sent to another model of the proxy instead. */
export const OnExceeded = z
  .union([z.literal('deny'), z.strictObject({ route: z.string().min(1).max(255) })])
  .meta({ id: 'OnExceeded' });
export type OnExceeded = z.infer<typeof OnExceeded>;

/** Whether a limit is kept in a ledger (a budget of a window) and not as a smooth rate. Money always is. */
export function isLedgerLimit(limit: { readonly unit: LimitUnit; readonly window?: LimitWindow | undefined }): boolean {
  if (limit.unit === 'concurrency' || limit.window === undefined) return false;
  return limit.unit === 'cost' || !['second', 'minute', 'hour'].includes(limit.window);
}

/**
 * One limit of a quota. `max` counts requests, tokens, requests in flight, or micro-USD for `cost`.
 * `second`..`hour` are smooth rates with a `burst`; `day`..`month`, and money always, are ledgers of a window.
 */
export const Limit = z
  .strictObject({
    unit: LimitUnit,
    window: LimitWindow.optional(),
    /**
     * Of a ledger: `calendar` begins with the hour, day, week (Monday) or month in the organization's time zone; `rolling` is
     * the span before now (a month is 30 days), counted in sixtieths of it. `calendar` where it is left out.
     */
    alignment: z.enum(['calendar', 'rolling']).optional(),
    max: z.int().min(1).max(MAX_LIMIT_AMOUNT),
    /** How much may be taken at once; `max` where it is left out. Only for second, minute and hour. */
    burst: z.int().min(1).max(MAX_LIMIT_AMOUNT).optional(),
    mode: z.enum(['enforce', 'shadow']).default('enforce'),
    /** `deny` where it is left out. */
    onExceeded: OnExceeded.optional(),
    /**
     * How much is held while a request runs. `hard`: the most that it can use, so that the limit is never exceeded; what asks
     * for no bound of its output is given one. `soft`: what it will probably use. Where it is left out: hard for cost, else soft.
     */
    estimate: z.enum(['hard', 'soft']).optional(),
    /**
     * While Redis is lost. `local`: rates and counts by this gateway's share, money from an amount debited beforehand. `deny`:
     * 503. `allow`: admitted, counted, and told to Redis later. `local` where it is left out.
     */
    onUnavailable: z.enum(['local', 'deny', 'allow']).optional(),
    /** Of cost: a model without a price is admitted and counted as unknown (`allow`, where it is left out), or refused. */
    onUnknownPrice: z.enum(['allow', 'deny']).optional(),
    /** Percents of a ledger at which an alert is sent, once in each window. */
    alertThresholds: z.array(z.int().min(1).max(100)).max(10).optional(),
  })
  .superRefine((limit, context) => {
    for (const { field, message, broken } of RULES) {
      if (broken(limit)) context.addIssue({ code: 'custom', path: [field], message });
    }
  })
  .meta({ id: 'Limit' });
export type Limit = z.infer<typeof Limit>;

interface LimitFields {
  readonly unit: LimitUnit;
  readonly window?: LimitWindow | undefined;
  readonly alignment?: string | undefined;
  readonly burst?: number | undefined;
  readonly mode: string;
  readonly onExceeded?: OnExceeded | undefined;
  readonly estimate?: string | undefined;
  readonly onUnknownPrice?: string | undefined;
  readonly alertThresholds?: readonly number[] | undefined;
}

/** What must not be said together; each rule is broken where its condition holds. */
const RULES: readonly {
  readonly field: string;
  readonly message: string;
  readonly broken: (limit: LimitFields) => boolean;
}[] = [
  {
    field: 'window',
    message: 'a concurrency limit has no window',
    broken: ({ unit, window }) => unit === 'concurrency' && window !== undefined,
  },
  {
    field: 'window',
    message: 'a limit needs a window, unless it is of concurrency',
    broken: ({ unit, window }) => unit !== 'concurrency' && window === undefined,
  },
  {
    field: 'window',
    message: 'a cost limit needs a window of an hour or longer',
    broken: ({ unit, window }) => unit === 'cost' && (window === 'second' || window === 'minute'),
  },
  {
    field: 'burst',
    message: 'a burst fits only a rate of a second, minute or hour',
    broken: (limit) => limit.burst !== undefined && (isLedgerLimit(limit) || limit.unit === 'concurrency'),
  },
  {
    field: 'alignment',
    message: 'an alignment fits only cost, and a day, week or month',
    broken: (limit) => limit.alignment !== undefined && !isLedgerLimit(limit),
  },
  {
    field: 'alertThresholds',
    message: 'alerts fit only cost, and a day, week or month',
    broken: (limit) => (limit.alertThresholds ?? []).length > 0 && !isLedgerLimit(limit),
  },
  {
    field: 'alertThresholds',
    message: 'a threshold stands twice',
    broken: ({ alertThresholds = [] }) => new Set(alertThresholds).size !== alertThresholds.length,
  },
  {
    field: 'onUnknownPrice',
    message: 'fits only a limit of cost',
    broken: ({ unit, onUnknownPrice }) => onUnknownPrice !== undefined && unit !== 'cost',
  },
  {
    field: 'estimate',
    message: 'a limit of requests or concurrency needs no estimate',
    broken: ({ unit, estimate }) => estimate !== undefined && (unit === 'requests' || unit === 'concurrency'),
  },
  {
    field: 'onExceeded',
    message: 'a limit in shadow mode only counts',
    broken: ({ mode, onExceeded = 'deny' }) => mode === 'shadow' && onExceeded !== 'deny',
  },
];

/** `<quota>/<unit>/<window>`, and `/rolling` where it rolls: stable while amounts change, so that counters survive an edit. */
export function limitId(
  quota: string,
  { unit, window, alignment }: Pick<Limit, 'unit' | 'window' | 'alignment'>,
): string {
  return `${quota}/${unit}/${window ?? ''}${alignment === 'rolling' ? '/rolling' : ''}`;
}

/** Whether a limit holds the most that a request can use, and not what it will probably use. */
export function holdsUpperBound({ unit, estimate }: Pick<Limit, 'unit' | 'estimate'>): boolean {
  return (estimate ?? (unit === 'cost' ? 'hard' : 'soft')) === 'hard';
}

/** A named bundle of limits; each attachment counts for itself. */
export const QuotaSpec = z
  .strictObject({
    displayName: z.string().min(1).max(253).optional(),
    limits: z.array(Limit).min(1).max(20),
  })
  .superRefine((spec, context) => {
    const seen = new Set<string>();
    for (const [index, limit] of spec.limits.entries()) {
      const id = limitId('', limit).slice(1);
      if (seen.has(id))
        context.addIssue({ code: 'custom', path: ['limits', index], message: `a second limit of ${id}` });
      seen.add(id);
    }
  })
  .meta({ id: 'QuotaSpec' });
export type QuotaSpec = z.infer<typeof QuotaSpec>;

/** Names of the quotas that are attached to a resource. */
export const QuotaReferences = z.array(ResourceName).max(20).default([]);

export const QuotaManifest = manifestOf('Quota', QuotaSpec);
export type QuotaManifest = z.infer<typeof QuotaManifest>;
export const Quota = resourceOf('Quota', QuotaSpec, ResourceStatus);
export type Quota = z.infer<typeof Quota>;
