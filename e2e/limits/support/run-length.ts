/** How long callers call, ms: PENSTOCK_LIMITS_SECONDS for a longer run at night, else the given. */
export function runLengthMs(usualSeconds: number): number {
  return 1_000 * Number(process.env['PENSTOCK_LIMITS_SECONDS'] ?? usualSeconds);
}

/** What a test may take besides its callers' time. */
export const REST_OF_TEST_MS = 120_000;

/** A window of a ledger that does not end while the test runs: of the two that end, the later. */
export function longWindow(now: Date): 'week' | 'month' {
  const monthEnds = Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1);
  const untilMonday = 7 - ((now.getUTCDay() + 6) % 7);
  const weekEnds = Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate() + untilMonday);
  return monthEnds > weekEnds ? 'month' : 'week';
}
