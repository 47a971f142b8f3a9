import type { LedgerWindow } from './limit-kind.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** From `startMs` up to, not including, `endMs`; milliseconds since the epoch. */
export interface CalendarWindow {
  readonly startMs: number;
  readonly endMs: number;
}

/** The calendar window (UTC, weeks begin on Monday) that contains a time; `scripts/limit-state.lua` holds the same rule. */
export function calendarWindow(window: LedgerWindow, nowMs: number): CalendarWindow {
  if (window === 'month') return monthOf(new Date(nowMs));
  const day = Math.floor(nowMs / DAY_MS);
  // 1970-01-01 was a Thursday.
  if (window === 'week') return span((day - ((day + 3) % 7)) * DAY_MS, 7 * DAY_MS);
  if (window === 'day') return span(day * DAY_MS, DAY_MS);
  return span(Math.floor(nowMs / HOUR_MS) * HOUR_MS, HOUR_MS);
}

function span(startMs: number, lengthMs: number): CalendarWindow {
  return { startMs, endMs: startMs + lengthMs };
}

function monthOf(date: Date): CalendarWindow {
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
  return { startMs: Date.UTC(year, month, 1), endMs: Date.UTC(year, month + 1, 1) };
}
