import type { LimitStatus } from '@penstock/rate-limiting';
import { POLICY_SUBJECT } from './policy-limits.ts';

const MICRO_USD = 1_000_000;
/** The second as in the IETF's draft-ietf-httpapi-ratelimit-headers, up to 07. */
const PREFIXES = ['x-ratelimit-', 'ratelimit-'];

/** Beside the usual headers those that tell of the tightest limits of policies: `x-ratelimit-limit`, `ratelimit-limit`, … and of budgets in US dollars. */
export function withPolicyHeaders(
  headers: readonly string[] | null,
  statuses: readonly LimitStatus[],
): readonly string[] | null {
  const own = statuses.filter(({ applicable }) => applicable.subject.includes(POLICY_SUBJECT));
  if (own.length === 0) return headers;
  const amounts = tightest(own.filter(({ applicable }) => applicable.limit.unit !== 'cost'));
  const money = tightest(own.filter(({ applicable }) => applicable.limit.unit === 'cost'));
  return [...(headers ?? []), ...(amounts ? amountHeaders(amounts) : []), ...(money ? moneyHeaders(money) : [])];
}

function tightest(statuses: readonly LimitStatus[]): LimitStatus | undefined {
  return statuses.toSorted((one, other) => one.remaining / most(one) - other.remaining / most(other))[0];
}

function most({ applicable: { limit } }: LimitStatus): number {
  return limit.burst ?? limit.max;
}

function amountHeaders(status: LimitStatus): readonly string[] {
  const values = {
    limit: String(most(status)),
    remaining: String(status.remaining),
    reset: String(Math.ceil(status.resetAfterMs / 1000)),
  };
  return PREFIXES.flatMap((prefix) => Object.entries(values).flatMap(([name, value]) => [prefix + name, value]));
}

function moneyHeaders(status: LimitStatus): readonly string[] {
  return [
    'x-ratelimit-cost-limit-dollars',
    String(most(status) / MICRO_USD),
    'x-ratelimit-cost-remaining-dollars',
    String(status.remaining / MICRO_USD),
  ];
}
