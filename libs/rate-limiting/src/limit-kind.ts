import type { Limit, LimitWindow } from '@penstock/contracts';

/** How a limit is counted: a smooth rate, a ledger of a calendar window, or leases of what runs now. */
export type LimitKind = 'rate' | 'ledger' | 'concurrency';

/** Windows that a rate may have, and their length in microseconds. */
export const RATE_WINDOW_US = { second: 1e6, minute: 60e6, hour: 3600e6 } as const;
export type RateWindow = keyof typeof RATE_WINDOW_US;

/** Windows that a ledger may have: an hour only for cost. */
export type LedgerWindow = Exclude<LimitWindow, 'second' | 'minute'>;

/** The kind of a limit. Money is always kept in a ledger, since a budget must not be exceeded by a burst. */
export function limitKind(limit: Limit): LimitKind {
  if (limit.unit === 'concurrency') return 'concurrency';
  return limit.unit !== 'cost' && isRateWindow(limit.window) ? 'rate' : 'ledger';
}

/** The window of a limit that {@link limitKind} calls a rate. */
export function rateWindow(limit: Limit): RateWindow {
  if (!isRateWindow(limit.window)) throw new RangeError(`a limit of ${limit.unit} per ${limit.window} is no rate`);
  return limit.window;
}

/** The window of a limit that {@link limitKind} calls a ledger. */
export function ledgerWindow(limit: Limit): LedgerWindow {
  const { window } = limit;
  if (!window || window === 'second' || window === 'minute') {
    throw new RangeError(`a limit of ${limit.unit} per ${window} has no ledger`);
  }
  return window;
}

function isRateWindow(window: LimitWindow | undefined): window is RateWindow {
  return window !== undefined && window in RATE_WINDOW_US;
}
