import type { LedgerWindow } from './limit-kind.ts';

const HOUR_MS = 3_600_000;

/** How long a rolling window is, in milliseconds: a month has 30 days. */
export const ROLLING_WINDOW_MS: Readonly<Record<LedgerWindow, number>> = {
  hour: HOUR_MS,
  day: 24 * HOUR_MS,
  week: 7 * 24 * HOUR_MS,
  month: 30 * 24 * HOUR_MS,
};

/** A rolling window is counted in so many slices, which begin at whole multiples of their length since 1970. */
export const ROLLING_SLICES = 60;

/** The length of a slice: a minute of an hour, 24 minutes of a day, 2.8 hours of a week, 12 hours of a month. */
export function rollingSliceMs(window: LedgerWindow): number {
  return ROLLING_WINDOW_MS[window] / ROLLING_SLICES;
}
