import { instantOf, wallClock } from './zoned-time.ts';

/** A time as a `datetime-local` input takes it, in the viewer's time zone. */
export function localDateTime(date: Date): string {
  const local = new Date(date.getTime() - date.getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 16);
}

/** A time as a `datetime-local` input takes it, in a given time zone. */
export function zonedDateTime(iso: string, timeZone: string): string {
  return new Date(wallClock(new Date(iso).getTime(), timeZone)).toISOString().slice(0, 16);
}

/** The time that was typed into a `datetime-local` input, which shows a given time zone. */
export function instantTyped(text: string, timeZone: string): string {
  return new Date(instantOf(new Date(`${text}Z`).getTime(), timeZone)).toISOString();
}
