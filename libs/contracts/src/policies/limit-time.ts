import { z } from 'zod';
import { type Limit, type LimitWindow, MAX_LIMIT_AMOUNT } from '../resources/quota.ts';

/** As Go writes a duration: `30s`, `1m`, `1h30m`, `24h`. */
export const GoDuration = z
  .string()
  .max(40)
  .regex(/^\+?((\d+(\.\d*)?|\.\d+)(ns|us|µs|ms|s|m|h))+$/, {
    error: "must be a duration such as '1s', '1m', '1h30m' or '24h'",
    abort: true,
  })
  .refine((text) => goDurationMs(text) >= 1, { error: 'must be at least a millisecond', abort: true });

/** Milliseconds of a {@link GoDuration}. */
export function goDurationMs(text: string): number {
  const unitMs: Readonly<Record<string, number>> = {
    ns: 1e-6,
    us: 1e-3,
    µs: 1e-3,
    ms: 1,
    s: 1_000,
    m: 60_000,
    h: 3_600_000,
  };
  const parts = text.matchAll(/(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|ms|s|m|h)/g);
  return Math.round([...parts].reduce((sum, [, count, unit = '']) => sum + Number(count) * (unitMs[unit] ?? 0), 0));
}

/** A window of a limit: see `Limit`. */
export type LimitTime = Pick<Limit, 'window' | 'alignment' | 'max' | 'burst'>;

const RATES: Readonly<Record<number, LimitWindow>> = { 1_000: 'second', 60_000: 'minute', 3_600_000: 'hour' };
const LEDGERS: Readonly<Record<number, LimitWindow>> = {
  86_400_000: 'day',
  604_800_000: 'week',
  2_592_000_000: 'month',
};
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/**
 * The limit that allows `count` in a duration: a rate for a second, a minute or an hour, a rolling ledger for 24h, 168h and 720h, and
 * for any other time of less than a day the rate that it comes to, all of it at once if need be. Null: none counts it exactly.
 */
export function limitTime(count: number, duration: string): LimitTime | null {
  const durationMs = goDurationMs(duration);
  const window = RATES[durationMs];
  if (window) return { window, max: count };
  const ledger = LEDGERS[durationMs];
  if (ledger) return { window: ledger, alignment: 'rolling', max: count };
  const hourly = (count * HOUR_MS) / durationMs;
  if (durationMs > DAY_MS || !Number.isInteger(hourly) || hourly > MAX_LIMIT_AMOUNT) return null;
  return { window: 'hour', max: hourly, burst: count };
}

/** The rolling ledger of money (micro-USD) for a duration; null: there is none. */
export function budgetTime(max: number, duration: string): LimitTime | null {
  const durationMs = goDurationMs(duration);
  const window = durationMs === HOUR_MS ? 'hour' : LEDGERS[durationMs];
  return window ? { window, alignment: 'rolling', max } : null;
}

/** What is said of a duration for which {@link limitTime} has no limit. */
export const EXACT_DURATION = {
  path: ['duration'],
  error:
    'must be one of 1s, 1m, 1h, 24h, 168h and 720h, or less than 24h so that the amount comes to a whole number an hour',
};
