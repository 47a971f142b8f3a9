import { type ExplainedError, type ExplainedLimit, holdsUpperBound } from '@penstock/contracts';
import {
  type Denial,
  estimateCharges,
  type LimitCharge,
  type LimitReading,
  limitRefusal,
  type LowerHold,
  lowerHold,
  OUTPUT_UNITS,
  resetsAtMs,
  routeWhenExceeded,
} from '@penstock/rate-limiting';
import { explainedError } from './explained-error.ts';
import type { LabelledLimit } from './applicable-limits.ts';
import type { HoldPlan } from './plan-hold.ts';

/** What limits say of a request. */
export interface LimitVerdict {
  readonly told: readonly ExplainedLimit[];
  readonly error: ExplainedError | null;
  /** The model to which the request is sent instead; null: none. */
  readonly route: string | null;
  readonly notes: readonly string[];
}

/** `readings` are of the plan's limits, in their order; null: Redis does not answer, and every limit is taken for unused. */
export function judgeLimits(plan: HoldPlan, readings: readonly LimitReading[] | null, now: number): LimitVerdict {
  const charges = estimateCharges(plan.limits, plan.probable, plan.most && plan.most.consumption());
  const told = plan.limits.map((limit, index) =>
    explainedLimit(limit, { charge: charges[index], reading: readings?.[index] ?? null, now }),
  );
  const notes = readings === null ? ['Redis does not answer: what is used of the limits is not known.'] : [];
  const denial = denialOf(plan.limits, told, now);
  if (!denial) return { told, error: null, route: null, notes };
  const route = routeWhenExceeded(denial);
  if (route !== null) {
    const note = `A limit is exceeded and sends the request to the model '${route}': ask for that one to see what comes of it.`;
    return { told, error: null, route, notes: [...notes, note] };
  }
  const lower = lowerHold(denial, bounds(plan) ? plan.most : null, plan.least);
  if (lower === null) {
    const shortest = { probable: plan.least, most: plan.most && plan.most.consumption(plan.most.leastOutput) };
    return { told, error: explainedError(limitRefusal(denial, charges, now, shortest)), route, notes };
  }
  return { told, error: null, route, notes: [...notes, ...notesOf(lower)] };
}

function notesOf({ outputBound, caps }: LowerHold): readonly string[] {
  const shorter = `What is left of the limits makes no longer answer than ${outputBound} tokens: that bound is written into the request.`;
  const less = 'Soft limits have less left than the request will probably use: what is left is held.';
  return [...(outputBound === undefined ? [] : [shorter]), ...(caps.size > 0 ? [less] : [])];
}

/** Whether gateways bound the output, so that it can be made to fit. */
function bounds({ limits }: HoldPlan): boolean {
  return limits.some(
    ({ hard, unit, applicable }) => hard && applicable.limit.mode === 'enforce' && OUTPUT_UNITS.has(unit),
  );
}

function explainedLimit(
  { label, applicable }: LabelledLimit,
  {
    charge,
    reading,
    now,
  }: { readonly charge: LimitCharge | undefined; readonly reading: LimitReading | null; readonly now: number },
): ExplainedLimit {
  const { quota, limit } = applicable;
  const amount = charge?.amount ?? 0;
  return {
    subject: label,
    quota,
    unit: limit.unit,
    window: limit.window ?? null,
    max: limit.max,
    mode: limit.mode,
    estimate: holdsUpperBound(limit) ? 'hard' : 'soft',
    onExceeded: limit.onExceeded ?? 'deny',
    charge: amount,
    live: reading && {
      used: reading.used,
      remaining: reading.remaining,
      resetsAt: reading.resetAfterMs > 0 ? new Date(resetsAtMs(limit, now, reading.resetAfterMs)).toISOString() : null,
    },
    fits: amount <= (reading?.remaining ?? limit.burst ?? limit.max),
  };
}

/** The decision that the limiter would come to; undefined when it admits. */
function denialOf(limits: readonly LabelledLimit[], told: readonly ExplainedLimit[], now: number): Denial | undefined {
  const statuses = limits.flatMap(({ applicable }, index) => {
    const one = told[index];
    if (!one || one.fits || one.mode === 'shadow') return [];
    const { live, charge } = one;
    const most = applicable.limit.burst ?? applicable.limit.max;
    const resetAfterMs = live?.resetsAt ? Date.parse(live.resetsAt) - now : 0;
    return [
      {
        status: { applicable, remaining: live?.remaining ?? most, resetAfterMs, exceeded: true },
        lasting: charge > most,
      },
    ];
  });
  const first = statuses[0];
  if (!first) return undefined;
  return {
    allowed: false,
    exceeded: first.status,
    retryAfterMs: first.lasting ? null : first.status.resetAfterMs,
    unavailable: false,
    statuses: statuses.map(({ status }) => status),
  };
}
