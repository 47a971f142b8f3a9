import { Prisma } from '../prisma/generated/client.ts';

/** Each bin of a histogram of latencies reaches this much higher than the one before it. */
export const BIN_WIDTH = 1.05;
/** What is shorter, in milliseconds, counts as this. */
const SHORTEST_MS = 0.001;
/** Added to the bins of the time to first token, so that one row holds both histograms. */
export const FIRST_TOKEN_BINS = 10_000;
/** No latency has a lower bin: that of {@link SHORTEST_MS} is -142. */
export const LOWEST_BIN = -150;
/** Half way between two kinds of bins: the lowest bin of any latency is about -142, the highest 600. */
export const KIND_BOUNDARY = FIRST_TOKEN_BINS / 2;

/** The bin of a latency in milliseconds: bin `n` holds what is at least `1.05 ** n` and less than `1.05 ** (n + 1)`. */
export function latencyBin(milliseconds: number): number {
  return Math.floor(Math.log(Math.max(milliseconds, SHORTEST_MS)) / Math.log(BIN_WIDTH));
}

/** The latency that stands for a bin: its geometric middle, at most 2.5 % from whatever lies in the bin. */
export function latencyOfBin(bin: number): number {
  return Number((BIN_WIDTH ** (bin + 0.5)).toPrecision(4));
}

/** {@link latencyBin} in SQL, of a double; null of null, which `greatest` alone would take for the shortest. */
export function latencyBinSql(milliseconds: Prisma.Sql): Prisma.Sql {
  const [shortest, width] = [Prisma.raw(String(SHORTEST_MS)), Prisma.raw(String(BIN_WIDTH))];
  return Prisma.sql`CASE WHEN ${milliseconds} IS NOT NULL
    THEN floor(ln(greatest(${milliseconds}, ${shortest})) / ln(${width}::float8))::int END`;
}
