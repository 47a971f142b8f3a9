import { InvalidArgumentError } from 'commander';

const AGO = /^(\d{1,5})(m|h|d|w)$/;
const UNIT_MS = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;

/**
 * A time on the command line as the API takes it: a time with its zone, a day, which begins where the report's time zone says, or
 * how long ago (`30m`, `24h`, `7d`, `2w`). Throws what commander tells as a usage error.
 */
export function readTime(text: string, nowMs: number): string {
  const [, count, unit] = AGO.exec(text) ?? [];
  if (count !== undefined) return new Date(nowMs - Number(count) * UNIT_MS[unit as keyof typeof UNIT_MS]).toISOString();
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(text);
  const isTime = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/.test(text);
  const time = isDay || isTime ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(time)) {
    throw new InvalidArgumentError(
      'Give a time such as 2026-01-31T08:00:00Z, a day such as 2026-01-31, or 30m, 24h, 7d ago.',
    );
  }
  return isDay ? text : new Date(time).toISOString();
}
