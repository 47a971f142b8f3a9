/** The day or month that contains a time (epoch ms), in a time zone: from `from` up to, not including, `to`, ISO 8601 in UTC. */
export function currentWindow(
  window: 'day' | 'month',
  timeZone: string,
  nowMs: number,
): { readonly from: string; readonly to: string } {
  const today = Temporal.Instant.fromEpochMilliseconds(nowMs).toZonedDateTimeISO(timeZone).toPlainDate();
  const first = window === 'day' ? today : today.with({ day: 1 });
  const next = first.add(window === 'day' ? { days: 1 } : { months: 1 });
  return { from: startOf(first, timeZone), to: startOf(next, timeZone) };
}

/** A day begins with its first moment, which is not midnight where clocks are set forward then. */
function startOf(date: Temporal.PlainDate, timeZone: string): string {
  return new Date(date.toZonedDateTime(timeZone).epochMilliseconds).toISOString();
}
