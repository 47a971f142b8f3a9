import type { Limit } from '@penstock/contracts';
import { calendarBoundaries } from './calendar-boundaries.ts';
import { ledgerWindow } from './limit-kind.ts';
import { ROLLING_SLICES, rollingSliceMs } from './rolling-slices.ts';

/** From `startMs` up to, not including, `endMs`; milliseconds since 1970. */
export interface LimitWindowSpan {
  readonly startMs: number;
  readonly endMs: number;
}

/**
 * What the ledger of a limit counts at a time. Calendar: the hour, day, week (from Monday) or month in the time zone (IANA
 * name). Rolling: the slices that overlap the window's length before now, of which there are 61 (see `rolling-slices.ts`): from the
 * beginning of the oldest up to the end of the present one. Cheap: a boundary is computed once in a window.
 * @throws RangeError for a limit that has no ledger, and for an unknown time zone.
 */
export function windowAt(limit: Limit, timeZone: string, nowMs: number): LimitWindowSpan {
  const window = ledgerWindow(limit);
  if (limit.alignment !== 'rolling') {
    const [, startMs, endMs] = calendarBoundaries(window, timeZone, nowMs);
    return { startMs, endMs };
  }
  const sliceMs = rollingSliceMs(window);
  const slice = Math.floor(nowMs / sliceMs);
  return { startMs: (slice - ROLLING_SLICES) * sliceMs, endMs: (slice + 1) * sliceMs };
}
