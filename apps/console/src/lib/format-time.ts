const dateTime = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' });
const exactTime = new Intl.DateTimeFormat('en-GB', { dateStyle: 'full', timeStyle: 'long' });
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });

const STEPS = [
  { unit: 'second', ms: 1_000, below: 60_000 },
  { unit: 'minute', ms: 60_000, below: 3_600_000 },
  { unit: 'hour', ms: 3_600_000, below: 86_400_000 },
  { unit: 'day', ms: 86_400_000, below: 30 * 86_400_000 },
] as const;

/** `21 Nov 2026, 10:13` in the viewer's time zone. */
export function formatDateTime(iso: string): string {
  return dateTime.format(new Date(iso));
}

/** `21 Nov 2026, 10:13 CET`: the time in a given time zone, and which one it is. */
export function formatDateTimeIn(iso: string, timeZone: string): string {
  return new Intl.DateTimeFormat('en-GB', {
    timeZone,
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZoneName: 'short',
  }).format(new Date(iso));
}

/** Everything there is to say about a time, for a tooltip. */
export function formatExactTime(iso: string): string {
  return exactTime.format(new Date(iso));
}

/** `3 minutes ago`, `in 2 hours`; the date from a month on. */
export function formatRelativeTime(iso: string, nowMs: number): string {
  const deltaMs = new Date(iso).getTime() - nowMs;
  const step = STEPS.find(({ below }) => Math.abs(deltaMs) < below);
  if (!step) return formatDateTime(iso);
  if (Math.abs(deltaMs) < 5_000) return 'just now';
  return relative.format(Math.trunc(deltaMs / step.ms), step.unit);
}
