import type { PrismaClient } from '../prisma/generated/client.ts';
import { recomputeDay } from './recompute-day.ts';
import { checkDayTotals, checkQuarters, type RollupFindings } from './rollup-check.ts';

/** Where a reconciliation says what it mends. */
export interface ReconciliationLog {
  warn(details: object, message: string): void;
}

interface RollupParts {
  readonly client: PrismaClient;
  readonly logger: ReconciliationLog;
  readonly retentionDays: number;
}

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** Of a day with more requests only one hour is looked at in each run, another one each time. */
const MAX_REQUESTS = 3_000_000;
const RUNS_MS = 300_000;

/**
 * Compares the sums of today, yesterday and one older day (another one each time) with their events, and computes those of a
 * day that do not equal them anew.
 */
export async function reconcileRollups(
  nowMs: number,
  parts: RollupParts,
): Promise<RollupFindings & { readonly fromMs: number }> {
  const today = Math.floor(nowMs / DAY_MS) * DAY_MS;
  const days = [today, today - DAY_MS, ...olderDay(today, nowMs, parts.retentionDays)];
  let [checked, mismatched] = [0, 0];
  for (const dayMs of days) {
    const found = await checkDay(dayMs, nowMs, parts.client);
    checked += found.checked;
    mismatched += found.mismatched;
    if (found.mismatched === 0) continue;
    const day = new Date(dayMs).toISOString().slice(0, 10);
    parts.logger.warn(
      { day, mismatched: found.mismatched },
      'Sums did not equal their usage events; they are computed anew',
    );
    await recomputeDay(parts.client, dayMs);
  }
  return { checked, mismatched, fromMs: today - DAY_MS };
}

async function checkDay(dayMs: number, nowMs: number, client: PrismaClient): Promise<RollupFindings> {
  const day = { startMs: dayMs, endMs: dayMs + DAY_MS };
  if ((await requestsOf(client, dayMs)) > MAX_REQUESTS) {
    const startMs = dayMs + (Math.floor(nowMs / RUNS_MS) % 24) * HOUR_MS;
    return checkQuarters(client, { startMs, endMs: startMs + HOUR_MS });
  }
  const quarters = await checkQuarters(client, day);
  const totals = await checkDayTotals(client, day);
  return { checked: quarters.checked + totals.checked, mismatched: quarters.mismatched + totals.mismatched };
}

async function requestsOf(client: PrismaClient, dayMs: number): Promise<number> {
  const [row] = await client.$queryRaw<{ requests: bigint }[]>`
    SELECT coalesce(sum(requests), 0)::bigint AS requests FROM usage_day_rollup WHERE bucket_start = ${new Date(dayMs)}`;
  return Number(row?.requests ?? 0);
}

/** A day before yesterday whose events are all still there. */
function olderDay(today: number, nowMs: number, retentionDays: number): number[] {
  const count = retentionDays - 3; // the oldest may just be dropped
  return count < 1 ? [] : [today - (2 + (Math.floor(nowMs / RUNS_MS) % count)) * DAY_MS];
}
