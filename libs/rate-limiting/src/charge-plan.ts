import { redisNames } from '@penstock/contracts';
import { calendarBoundaries } from './calendar-boundaries.ts';
import { ledgerWindow, limitKind, RATE_WINDOW_US, rateWindow } from './limit-kind.ts';
import type { ApplicableLimit } from './rate-limiter.ts';
import { rollingSliceMs } from './rolling-slices.ts';

/** What of a charge is the same for every request: worked out once for each limit that applies to a subject. */
export interface ChargePlan {
  /** Names the counter among all counters. */
  readonly name: string;
  /** In Redis: a ledger has two, the others one. */
  readonly keys: readonly string[];
  /** The key that says that the organization's ledgers are complete, for a budget that may only be charged then. */
  readonly seededKey: string | undefined;
  /** The parameter of a script up to the amount, and what stands behind the amounts. */
  readonly head: string;
  readonly tail: string;
  /** While the plan holds: a calendar ledger has its boundaries in it. */
  readonly fromMs: number;
  readonly untilMs: number;
}

const plans = new WeakMap<ApplicableLimit, ChargePlan>();

/** The plan of a limit at a time. Asking for it again costs a look-up while its window lasts. */
export function chargePlan(applicable: ApplicableLimit, nowMs: number): ChargePlan {
  let plan = plans.get(applicable);
  if (!plan || nowMs < plan.fromMs || nowMs >= plan.untilMs) plans.set(applicable, (plan = newPlan(applicable, nowMs)));
  return plan;
}

/** Whether nothing may be charged to it before it is known to be complete in Redis. */
export function isGuardedBudget({ reseeded, limit }: ApplicableLimit): boolean {
  return reseeded === true && limit.unit === 'cost' && limit.mode === 'enforce';
}

function newPlan(applicable: ApplicableLimit, nowMs: number): ChargePlan {
  const { organizationId, subject, id, limit } = applicable;
  const key = redisNames.limit(organizationId, subject, id);
  const mustBeKnown = isGuardedBudget(applicable);
  const { kind, details, fromMs = -Infinity, untilMs = Infinity } = detailsOf(applicable, nowMs);
  const flags = limit.mode === 'shadow' ? 's' : mustBeKnown ? 'k' : '';
  return {
    name: `${organizationId}:${subject}:${id}`,
    keys: limitKind(limit) === 'ledger' ? [key, `${key}:leases`] : [key],
    seededKey: mustBeKnown ? redisNames.ledgersSeeded(organizationId) : undefined,
    head: `${kind}:${flags}:`,
    tail: `:${limit.max}${details}`,
    fromMs,
    untilMs,
  };
}

interface Details {
  readonly kind: 'rate' | 'calendar' | 'rolling' | 'concurrency';
  readonly details: string;
  readonly fromMs?: number;
  readonly untilMs?: number;
}

function detailsOf({ limit, timeZone = 'UTC' }: ApplicableLimit, nowMs: number): Details {
  const kind = limitKind(limit);
  if (kind === 'concurrency') return { kind, details: '' };
  if (kind === 'rate') return { kind, details: `:${limit.burst ?? limit.max}:${RATE_WINDOW_US[rateWindow(limit)]}` };
  const window = ledgerWindow(limit);
  if (limit.alignment === 'rolling') return { kind: 'rolling', details: `:${rollingSliceMs(window)}` };
  const [previousMs, fromMs, untilMs, afterNextMs] = calendarBoundaries(window, timeZone, nowMs);
  return { kind: 'calendar', details: `:${fromMs}:${untilMs}:${previousMs}:${afterNextMs}`, fromMs, untilMs };
}
