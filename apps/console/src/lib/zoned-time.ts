const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

const clocks = new Map<string, Intl.DateTimeFormat>();

function clockOf(timeZone: string): Intl.DateTimeFormat {
  const known = clocks.get(timeZone);
  if (known) return known;
  const clock = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  clocks.set(timeZone, clock);
  return clock;
}

/** What a clock on the wall shows at an instant, written as the instant at which a clock in UTC shows the same. */
export function wallClock(ms: number, timeZone: string): number {
  const parts = Object.fromEntries(
    clockOf(timeZone)
      .formatToParts(ms)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second) + (((ms % 1000) + 1000) % 1000);
}

/**
 * The instant at which a clock on the wall shows this. Where it shows it twice, in autumn, the first one; where it never
 * does, in spring, the instant of the jump or as much later as the clock is past it.
 */
export function instantOf(wallMs: number, timeZone: string): number {
  const offsets = [wallMs - DAY_MS, wallMs + DAY_MS].map((near) => wallClock(near, timeZone) - near);
  const candidates = offsets.map((offset) => wallMs - offset);
  const exact = candidates.filter((candidate) => wallClock(candidate, timeZone) === wallMs);
  return exact.length > 0 ? Math.min(...exact) : Math.max(...candidates);
}

/** What usage is cut into. */
type Interval = 'minute' | 'hour' | 'day' | 'week' | 'month';

/** The start of the interval that an instant lies in; weeks begin on Monday. */
export function startOfInterval(ms: number, interval: Interval, timeZone: string): number {
  if (interval === 'minute') return Math.floor(ms / 60_000) * 60_000;
  const wall = wallClock(ms, timeZone);
  if (interval === 'hour') return ms - (((wall % HOUR_MS) + HOUR_MS) % HOUR_MS);
  return instantOf(wallStart(wall, interval), timeZone);
}

/** The start of the interval that follows the one which begins at `startMs`. */
export function followingInterval(startMs: number, interval: Interval, timeZone: string): number {
  if (interval === 'minute') return startMs + 60_000;
  if (interval === 'hour') return startMs + HOUR_MS;
  const wall = new Date(wallStart(wallClock(startMs, timeZone), interval));
  if (interval === 'month') wall.setUTCMonth(wall.getUTCMonth() + 1);
  else wall.setUTCDate(wall.getUTCDate() + (interval === 'week' ? 7 : 1));
  return instantOf(wall.getTime(), timeZone);
}

function wallStart(wallMs: number, interval: 'day' | 'week' | 'month'): number {
  const midnight = Math.floor(wallMs / DAY_MS) * DAY_MS;
  const date = new Date(midnight);
  if (interval === 'month') date.setUTCDate(1);
  if (interval === 'week') date.setUTCDate(date.getUTCDate() - ((date.getUTCDay() + 6) % 7));
  return date.getTime();
}
