import { Prisma } from '../../prisma/generated/client.ts';
import { FIRST_TOKEN_BINS, latencyBinSql } from '../latency-bins.ts';
import { groupConditions, nameColumn, nameConditions, type UsageQuestion } from '../usage-question.ts';
import type { RollupSpan, Span } from './rollup-spans.ts';
import { inSpan, slotOf, spanTable } from './usage-rows.ts';

/** A histogram of a name (empty for none); arrays as Postgres writes them, which are read far faster than arrays of values. */
export interface HistogramRow {
  readonly name: string;
  readonly bins: string;
  readonly counts: string;
}

/** A stored one. */
export interface StoredHistogram extends HistogramRow {
  readonly width: number;
  readonly at: Date;
  /** The name of the row, also where the question does not group by it. */
  readonly key: string;
}

/** One made of events. */
export interface EventHistogram extends HistogramRow {
  /** From 0. */
  readonly interval: number;
}

/** The histograms stored of whole hours and days, in the order of their key, `limit` at most from after that of `last`. */
export function storedHistograms(
  question: UsageQuestion,
  dimension: string,
  { spans, last, limit }: { spans: readonly RollupSpan[]; last: StoredHistogram | undefined; limit: number },
): Prisma.Sql {
  const after = last
    ? Prisma.sql`WHERE (h.width, h.bucket_start, h.name) > (${last.width}, ${last.at.toISOString()}::timestamptz, ${last.key})`
    : Prisma.empty;
  return Prisma.sql`
    SELECT ${question.groupBy === undefined ? Prisma.sql`''` : Prisma.sql`h.name`} AS name, h.width, h.bucket_start AS at, h.name AS key,
      h.bins::text AS bins, h.counts::text AS counts
    FROM ${spanTable(spans)} AS s(width, first, last) CROSS JOIN LATERAL (
      SELECT * FROM usage_latency r
      WHERE r.organization_id = ${question.organizationId}::uuid AND r.dimension = ${dimension} AND r.width = s.width
        AND r.bucket_start >= s.first AND r.bucket_start < s.last ${groupConditions(question)} OFFSET 0) AS h
    ${after} ORDER BY h.width, h.bucket_start, h.name LIMIT ${limit}`;
}

/** Histograms of the events in the spans, one for each interval and name. */
export function eventHistograms(
  question: UsageQuestion,
  spans: readonly Span[],
  starts: readonly number[],
): Prisma.Sql {
  const [duration, firstToken] = [latencyBinSql(Prisma.sql`e.duration`), latencyBinSql(Prisma.sql`e.first_token`)];
  return Prisma.sql`
    SELECT slot AS "interval", name, array_agg(bin)::text AS bins, array_agg(count)::text AS counts
    FROM (
      SELECT slot, name, coalesce(duration, ${FIRST_TOKEN_BINS}::int + first_token) AS bin, count(*) AS count
      FROM (
        SELECT ${slotOf(Prisma.sql`e.at`, starts)} AS slot, e.name, ${duration} AS duration, ${firstToken} AS first_token
        FROM ${spanTable(spans.map((span) => ({ width: 0, ...span })))} AS s(width, first, last) CROSS JOIN LATERAL (
          SELECT ${nameColumn(question, 'events')} AS name, occurred_at AS at,
            CASE WHEN outcome = 'completed' THEN duration_ms::float8 END AS duration, first_token_ms::float8 AS first_token
          FROM usage_event WHERE ${inSpan(question)} ${nameConditions(question, 'events')} OFFSET 0) AS e OFFSET 0) AS latencies
      GROUP BY GROUPING SETS ((slot, name, duration), (slot, name, first_token))) AS cells
    WHERE bin IS NOT NULL GROUP BY slot, name`;
}
