import type { Limit } from '@penstock/contracts';
import { calendarWindow } from './calendar-window.ts';
import { RETRY_SOON_MS } from './memory/counter.ts';
import { ledgerWindow } from './limit-kind.ts';
import type { ApplicableLimit, LimitDecision, LimitStatus } from './rate-limiter.ts';

/** Whether a limit counts money. */
export function isBudget(limit: Limit): boolean {
  return limit.unit === 'cost';
}

/** The denial while the ledger of a budget cannot be reached: money is never spent on a guess. */
export function budgetUnavailable(applicable: ApplicableLimit, nowMs: number): LimitDecision {
  const { endMs } = calendarWindow(ledgerWindow(applicable.limit), nowMs);
  const exceeded: LimitStatus = { applicable, remaining: 0, resetAfterMs: endMs - nowMs, exceeded: true };
  return { allowed: false, exceeded, retryAfterMs: RETRY_SOON_MS, unavailable: true, statuses: [exceeded] };
}
