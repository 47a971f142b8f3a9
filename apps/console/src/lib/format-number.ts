const exact = new Intl.NumberFormat('en-US');
const compact = new Intl.NumberFormat('en-US', { notation: 'compact', maximumFractionDigits: 1 });
const percent = new Intl.NumberFormat('en-US', { style: 'percent', maximumFractionDigits: 1 });

/** `1234567` as `1,234,567`. */
export function formatCount(value: number): string {
  return exact.format(value);
}

/** `1234567` as `1.2M`; below 10,000 the exact number. */
export function formatCompact(value: number): string {
  return Math.abs(value) < 10_000 ? exact.format(value) : compact.format(value);
}

/** `part` of `whole` as `12.5%`; a dash where there is no whole. */
export function formatShare(part: number, whole: number): string {
  return whole === 0 ? '–' : percent.format(part / whole);
}
