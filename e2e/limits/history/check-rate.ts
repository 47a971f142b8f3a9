import type { CallRecord, Tokens, UpstreamCall, Violation } from './history.ts';
import { largestExcess, type SpanExcess } from './span-excess.ts';
import { UnderWaySum } from './under-way-sum.ts';

export interface RateBound {
  readonly name: string;
  readonly perMs: number;
  readonly burst: number;
  /** What gateways may have let through on their own account while they could not ask Redis; 0 when they always could. */
  readonly decidedLocally: number;
}

/** A request upstream whose reservation was made between the caller's call and its arrival. */
interface Admission {
  readonly call: CallRecord;
  readonly from: number;
  readonly to: number;
  /** What it certainly used and paid; a request that was broken off pays what its gateway saw of it, and counts as nothing. */
  readonly used: number;
}

const total = ({ input, output }: Tokens): number => input + output;

/** In any span of time T at most burst + rate × T requests are admitted. */
export function checkRequestRate(
  calls: readonly CallRecord[],
  upstream: readonly UpstreamCall[],
  bound: RateBound,
): Violation[] {
  const admissions = admissionsOf(calls, upstream).map(({ from, to }) => ({ from, to, weight: 1 }));
  return judge(largestExcess(admissions, { perMs: bound.perMs }), bound);
}

/**
 * In any span of time T the requests that are admitted use at most burst + rate × T tokens; and what requests that were under
 * way at its beginning gave back of their estimates, and by what those that were under way at its end were estimated too low.
 * `settlementMs`: a settlement reaches Redis within this time of the answer's end.
 */
export function checkTokenRate(
  calls: readonly CallRecord[],
  upstream: readonly UpstreamCall[],
  bound: RateBound & { readonly settlementMs: number },
): Violation[] {
  const admissions = admissionsOf(calls, upstream);
  const underWay = (weight: (admission: Admission) => number): UnderWaySum =>
    new UnderWaySum(
      admissions.map((admission) => {
        const until = (admission.call.endedAt ?? Infinity) + bound.settlementMs;
        return { from: admission.from, until, weight: weight(admission) };
      }),
    );
  const givenBack = underWay(({ call, used }) => Math.max(0, total(call.bound) - used));
  const underestimated = underWay(({ used }) => used);
  const occurrences = admissions.map(({ from, to, used }) => ({ from, to, weight: used }));
  const worst = largestExcess(occurrences, {
    perMs: bound.perMs,
    atStart: (time) => givenBack.at(time),
    atEnd: (time) => underestimated.at(time),
  });
  return judge(worst, bound);
}

function admissionsOf(calls: readonly CallRecord[], upstream: readonly UpstreamCall[]): Admission[] {
  const byId = new Map(calls.map((call) => [call.requestId, call]));
  const admissions: Admission[] = [];
  for (const { requestId, arrivedAt, tokens } of upstream.toSorted((one, other) => one.arrivedAt - other.arrivedAt)) {
    const call = byId.get(requestId);
    if (!call) continue;
    // A second attempt belongs to the same admission.
    byId.delete(requestId);
    const used = call.outcome === 'answered' ? total(tokens) : 0;
    admissions.push({ call, from: call.invokedAt, to: arrivedAt, used });
  }
  return admissions;
}

function judge(worst: SpanExcess | undefined, bound: RateBound): Violation[] {
  const allowed = bound.burst + bound.decidedLocally;
  if (!worst || worst.excess <= allowed) return [];
  const { from, to, excess } = worst;
  const detail = `${bound.name} from ${from} to ${to}: ${excess.toFixed(1)} beyond the rate, where ${allowed} are allowed`;
  return [{ rule: 'rate-exceeded', detail }];
}
