import { GatewayError } from '@penstock/contracts';
import type { LimitDecision } from '@penstock/rate-limiting';

type Denial = Extract<LimitDecision, { allowed: false }>;

const LONG_WINDOWS: ReadonlySet<string> = new Set(['day', 'week', 'month']);

/** The error for a request that a limit denies. Waiting helps for a rate, and does not for a budget or a long window. */
export function limitRefusal(denial: Denial): GatewayError {
  const { limit, quota } = denial.exceeded.applicable;
  if (denial.unavailable) {
    return new GatewayError('limiter_unavailable', 'The budget cannot be checked at the moment.', {
      retryAfterMs: denial.retryAfterMs ?? 1000,
    });
  }
  const window = limit.window === undefined ? '' : ` per ${limit.window}`;
  const what = limit.unit === 'cost' ? `budget${window}` : `limit of ${limit.max} ${unitName(limit.unit)}${window}`;
  const retry = denial.retryAfterMs === null ? {} : { retryAfterMs: denial.retryAfterMs };
  if (limit.unit === 'cost' || LONG_WINDOWS.has(limit.window ?? '')) {
    return new GatewayError('insufficient_quota', `The ${what} of quota '${quota}' is used up.`, retry);
  }
  return new GatewayError('rate_limit_exceeded', `The ${what} of quota '${quota}' is reached.`, {
    retryAfterMs: denial.retryAfterMs ?? 1000,
  });
}

function unitName(unit: string): string {
  return unit === 'concurrency' ? 'requests at once' : unit.replace('-', ' ');
}
