/** Part of a range, in milliseconds: `from` counts, `to` does not. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** A part of a range that rows of sums of one width cover exactly. */
export interface RollupSpan extends Span {
  /** Minutes of a row. */
  readonly width: number;
}

/** A range as it is read: each instant of it lies in exactly one span. */
export interface RangeSpans {
  readonly rollups: readonly RollupSpan[];
  /** What no row of sums covers exactly; it is read from the events. */
  readonly events: readonly Span[];
}

const MINUTE_MS = 60_000;

/**
 * Cuts a range at its inner borders (where an interval ends and the next begins) and each part into the widest rows of sums that
 * fit: whole days inside, hours beside them, then quarters, and events at what is left. `widths` are minutes, from wide to
 * narrow, each a multiple of the next. Neighbouring spans of one width are joined.
 */
export function rangeSpans(range: Span, borders: readonly number[], widths: readonly number[]): RangeSpans {
  const inner = borders.filter((border) => border > range.from && border < range.to);
  const edges = [range.from, ...inner, range.to];
  const spans = new Map<number, Span[]>();
  for (let index = 0; index + 1 < edges.length; index += 1) {
    cut({ from: edges[index] ?? 0, to: edges[index + 1] ?? 0 }, widths, spans);
  }
  const rollups = widths.flatMap((width) => (spans.get(width) ?? []).map((span) => ({ width, ...span })));
  return { rollups, events: spans.get(0) ?? [] };
}

/** Adds the spans of one part, those of events under width 0; the parts come in the order of time. */
function cut(part: Span, [width, ...narrower]: readonly number[], spans: Map<number, Span[]>): void {
  if (part.from >= part.to) return;
  if (width === undefined) return add(spans, 0, part);
  const widthMs = width * MINUTE_MS;
  const start = Math.ceil(part.from / widthMs) * widthMs;
  const end = Math.floor(part.to / widthMs) * widthMs;
  if (start >= end) return cut(part, narrower, spans);
  cut({ from: part.from, to: start }, narrower, spans);
  add(spans, width, { from: start, to: end });
  cut({ from: end, to: part.to }, narrower, spans);
}

function add(spans: Map<number, Span[]>, width: number, span: Span): void {
  const known = spans.get(width) ?? [];
  const last = known.at(-1);
  if (last?.to === span.from) known.splice(-1, 1, { from: last.from, to: span.to });
  else known.push(span);
  spans.set(width, known);
}
