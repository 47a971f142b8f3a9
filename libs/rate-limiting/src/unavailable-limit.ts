import { RETRY_SOON_MS } from './memory/counter.ts';
import { limitKind } from './limit-kind.ts';
import type { ApplicableLimit, LimitCharge, LimitDecision, LimitStatus } from './rate-limiter.ts';
import { windowAt } from './window-at.ts';

/**
 * The denial by a limit that cannot be asked now, and that must not be guessed. What is more than the limit can ever give is
 * told so, since waiting for Redis would not help it.
 */
export function limitUnavailable({ applicable, amount }: LimitCharge, nowMs: number): LimitDecision {
  const exceeded: LimitStatus = {
    applicable,
    remaining: 0,
    resetAfterMs: untilResetMs(applicable, nowMs),
    exceeded: true,
  };
  const { max, burst = max } = applicable.limit;
  const never = amount > burst;
  return {
    allowed: false,
    exceeded,
    retryAfterMs: never ? null : RETRY_SOON_MS,
    unavailable: !never,
    statuses: [exceeded],
  };
}

function untilResetMs({ limit, timeZone = 'UTC' }: ApplicableLimit, nowMs: number): number {
  return limitKind(limit) === 'ledger' ? windowAt(limit, timeZone, nowMs).endMs - nowMs : RETRY_SOON_MS;
}
