import type { Limit } from '@penstock/contracts';
import { limitKind } from './limit-kind.ts';

/** Every hour, day, week and month of every time zone in use begins with a quarter of an hour. */
const QUARTER_MS = 900_000;

/**
 * When a limit is free again, epoch ms, by the time of a reading and what remained then. Of a calendar window exactly its end: what
 * the answer took, and the difference of two clocks, do not show (as long as that is less than 7 minutes). Such a window may end
 * elsewhere than the calendar says while a new time zone waits for its end, so that it is not computed anew.
 */
export function resetsAtMs(limit: Limit, nowMs: number, resetAfterMs: number): number {
  const atMs = nowMs + resetAfterMs;
  if (resetAfterMs <= 0) return atMs;
  const isCalendar = limitKind(limit) === 'ledger' && limit.alignment !== 'rolling';
  return isCalendar ? Math.round(atMs / QUARTER_MS) * QUARTER_MS : atMs;
}
