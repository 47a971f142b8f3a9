import { z } from 'zod';
import { manifestOf, ResourceName, ResourceStatus, resourceOf } from './metadata.ts';

export const LimitUnit = z.enum(['requests', 'tokens', 'input-tokens', 'output-tokens', 'cost', 'concurrency']);
export type LimitUnit = z.infer<typeof LimitUnit>;

export const LimitWindow = z.enum(['second', 'minute', 'hour', 'day', 'week', 'month']);
export type LimitWindow = z.infer<typeof LimitWindow>;

/** Largest amount a limit may have: integers stay exact in Redis' Lua up to here (9e12 micro-USD are 9 million USD). */
export const MAX_LIMIT_AMOUNT = 9_000_000_000_000;

/**
 * One limit of a quota. `max` counts requests, tokens, requests in flight, or micro-USD for `cost`.
 * `second`..`hour` are smooth rates with a `burst`; `day`..`month` are ledgers aligned to the calendar (UTC).
 */
export const Limit = z
  .strictObject({
    unit: LimitUnit,
    window: LimitWindow.optional(),
    max: z.int().min(1).max(MAX_LIMIT_AMOUNT),
    /** How much may be taken at once; `max` where it is left out. Only for second, minute and hour. */
    burst: z.int().min(1).max(MAX_LIMIT_AMOUNT).optional(),
    mode: z.enum(['enforce', 'shadow']).default('enforce'),
  })
  .superRefine((limit, context) => {
    const issue = (path: string, message: string): void => context.addIssue({ code: 'custom', path: [path], message });
    if (limit.unit === 'concurrency' && limit.window) issue('window', 'a concurrency limit has no window');
    if (limit.unit !== 'concurrency' && !limit.window) issue('window', `a limit of ${limit.unit} needs a window`);
    if (limit.burst && !['second', 'minute', 'hour'].includes(limit.window ?? '')) {
      issue('burst', 'a burst fits only a window of a second, minute or hour');
    }
    if (limit.unit === 'cost' && ['second', 'minute'].includes(limit.window ?? '')) {
      issue('window', 'a cost limit needs a window of an hour or longer');
    }
  })
  .meta({ id: 'Limit' });
export type Limit = z.infer<typeof Limit>;

/** A named bundle of limits; each attachment counts for itself. */
export const QuotaSpec = z
  .strictObject({
    displayName: z.string().min(1).max(253).optional(),
    limits: z.array(Limit).min(1).max(20),
  })
  .superRefine((spec, context) => {
    const seen = new Set<string>();
    for (const [index, limit] of spec.limits.entries()) {
      const id = `${limit.unit}/${limit.window ?? ''}`;
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
