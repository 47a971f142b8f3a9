import type { LimitDecision, LimitStatus, Reservation } from './rate-limiter.ts';

const HEADER_FIELDS = 3;
const STATUS_FIELDS = 3;

/** Reads the reply of `scripts/reserve.lua`. */
export function readDecision(reservation: Reservation, reply: readonly number[]): LimitDecision {
  const statuses = reservation.charges.map(({ applicable }, index): LimitStatus => {
    const first = HEADER_FIELDS + index * STATUS_FIELDS;
    const [remaining = 0, resetAfterMs = 0, exceeded = 0] = reply.slice(first, first + STATUS_FIELDS);
    return { applicable, remaining, resetAfterMs, exceeded: exceeded === 1 };
  });
  const [allowed, denied = 0, retryAfterMs = 0] = reply;
  if (allowed === 1) return { allowed: true, reservation, statuses };
  const exceeded = statuses[denied - 1];
  if (!exceeded) throw new RangeError('the limit script denied without naming a limit');
  return {
    allowed: false,
    exceeded,
    retryAfterMs: retryAfterMs < 0 ? null : retryAfterMs,
    unavailable: false,
    statuses,
  };
}
