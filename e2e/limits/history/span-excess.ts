import { MaxTree } from './max-tree.ts';

/** Something of a weight that happened at one moment from `from` to `to`, both inclusive. Epoch ms. */
export interface Occurrence {
  readonly from: number;
  readonly to: number;
  readonly weight: number;
}

export interface SpanExcess {
  readonly from: number;
  readonly to: number;
  /** What certainly happened within the span, less what its length and its ends allow. */
  readonly excess: number;
}

export interface SpanAllowance {
  readonly perMs: number;
  /** What a span that begins at this time is allowed besides. */
  readonly atStart?: (time: number) => number;
  /** What a span that ends at this time is allowed besides. */
  readonly atEnd?: (time: number) => number;
}

/**
 * The span in which most happened beyond what is allowed. Only what certainly lies within a span counts for it, so that not
 * knowing the exact moment can never accuse. Every span that matters begins with a `from` and ends with a `to`; those are
 * tried all, in O(n log n): from the latest start to the earliest, a tree holds the excess for each end.
 */
export function largestExcess(occurrences: readonly Occurrence[], allowance: SpanAllowance): SpanExcess | undefined {
  const { perMs, atStart = () => 0, atEnd = () => 0 } = allowance;
  const ends = [...new Set(occurrences.map(({ to }) => to))].toSorted((one, other) => one - other);
  const positions = new Map(ends.map((end, position) => [end, position]));
  const origin = ends[0] ?? 0;
  const tree = new MaxTree(ends.map((end) => -perMs * (end - origin) - atEnd(end)));
  let worst: SpanExcess | undefined;
  let first = ends.length;
  for (const { from, to, weight } of occurrences.toSorted((one, other) => other.from - one.from)) {
    tree.add(positions.get(to) ?? 0, weight);
    // A span ends after its start.
    while (first > 0 && (ends[first - 1] ?? 0) >= from) first -= 1;
    const { value, position } = tree.maxFrom(first);
    const excess = value + perMs * (from - origin) - atStart(from);
    if (!worst || excess > worst.excess) worst = { from, to: ends[position] ?? to, excess };
  }
  return worst;
}
