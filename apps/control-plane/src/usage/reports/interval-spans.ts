import type { RollupSpan, Span } from './rollup-spans.ts';

/** Rows of sums that count in one interval; with the sign -1 they are what wider rows of it hold too much. */
export interface SignedSpan extends RollupSpan {
  /** From 0. */
  readonly interval: number;
  readonly sign: 1 | -1;
}

/** The intervals of a range as they are read: the signs over each instant of an interval add up to 1, over any other to 0. */
export interface IntervalSpans {
  readonly rollups: readonly SignedSpan[];
  /** What no row of sums covers exactly; it is read from the events. */
  readonly events: readonly Span[];
}

const MINUTE_MS = 60_000;

/**
 * Cuts a range into the intervals that begin at `starts` (none: the range is one) and covers each with the widest rows of sums that come near to it; what they
 * hold too much or too little is made up for with narrower ones. A day of Kathmandu is a UTC day, 5 ¾ hours more at its start and
 * as many less at its end, rather than 24 hours. `widths` are minutes, from wide to narrow, each a multiple of the next.
 *
 * Events are only ever added: they may be gone when sums still count them.
 */
export function intervalSpans(range: Span, starts: readonly number[], widths: readonly number[]): IntervalSpans {
  const edges = [range.from, ...starts.filter((start) => start > range.from && start < range.to), range.to];
  const before = starts.filter((start) => start <= range.from).length;
  const rollups: SignedSpan[] = [];
  const events: Span[] = [];
  for (let index = 0; index + 1 < edges.length; index += 1) {
    const part = { from: edges[index] ?? 0, to: edges[index + 1] ?? 0 };
    const whole = wholeRows(part, widths.at(-1));
    join(events, { from: part.from, to: whole.from });
    for (const span of cover(whole, widths, 1)) rollups.push({ ...span, interval: Math.max(0, before - 1) + index });
    join(events, { from: whole.to, to: part.to });
  }
  return { rollups, events };
}

/** What whole rows of a width cover of a part; nothing, at its end, where none fits. */
function wholeRows({ from, to }: Span, width: number | undefined): Span {
  if (width === undefined) return { from: to, to };
  const widthMs = width * MINUTE_MS;
  const [start, end] = [Math.ceil(from / widthMs) * widthMs, Math.floor(to / widthMs) * widthMs];
  return start < end ? { from: start, to: end } : { from: to, to };
}

/** Adds a span that begins at or after the end of the last one. */
function join(spans: Span[], span: Span): void {
  if (span.from >= span.to) return;
  const last = spans.at(-1);
  if (last?.to === span.from) spans.splice(-1, 1, { from: last.from, to: span.to });
  else spans.push(span);
}

/** Covers a part that consists of whole rows of the narrowest width. */
function* cover(
  part: Span,
  [width, ...narrower]: readonly number[],
  sign: 1 | -1,
): Generator<Omit<SignedSpan, 'interval'>> {
  if (width === undefined || part.from >= part.to) return;
  const widthMs = width * MINUTE_MS;
  const start = Math.round(part.from / widthMs) * widthMs;
  const end = Math.round(part.to / widthMs) * widthMs;
  const leftToRead = Math.abs(part.from - start) + Math.abs(part.to - end);
  // Narrower rows alone are fewer where the wide ones are nearly all too much.
  if (start >= end || leftToRead >= part.to - part.from) return yield* cover(part, narrower, sign);
  yield { width, from: start, to: end, sign };
  const other = sign === 1 ? -1 : 1;
  yield* cover({ from: part.from, to: start }, narrower, sign);
  yield* cover({ from: start, to: part.from }, narrower, other);
  yield* cover({ from: end, to: part.to }, narrower, sign);
  yield* cover({ from: part.to, to: end }, narrower, other);
}
