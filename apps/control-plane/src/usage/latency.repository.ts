import { Injectable } from '@nestjs/common';
import type { LatencyPercentiles } from '@penstock/contracts';
import { Prisma } from '../prisma/generated/client.ts';
import { PrismaService } from '../prisma/prisma.service.ts';
import { FIRST_TOKEN_BINS, KIND_BOUNDARY, latencyBinSql, latencyOfBin } from './latency-bins.ts';
import { rangeSpans } from './reports/rollup-spans.ts';
import { inSpan, spanTable } from './reports/usage-rows.ts';
import { dimensionOf, groupConditions, nameColumn, nameConditions, type UsageQuestion } from './usage-question.ts';

/** Percentiles of a group; null where no request had such a latency. */
export interface GroupPercentiles {
  readonly durationMs: LatencyPercentiles | null;
  readonly firstTokenMs: LatencyPercentiles | null;
}

/** Percentiles by interval (from 0; 0 in a summary) and name; null stands for no name, undefined for all of them together. */
export interface PercentileTable {
  of(interval: number, name: string | null | undefined): GroupPercentiles;
}

interface PercentileRow {
  readonly interval: number;
  readonly name: string | null;
  readonly whole: boolean;
  readonly first: boolean;
  readonly p50: number;
  readonly p90: number;
  readonly p95: number;
  readonly p99: number;
}

const DAY = 1_440;
const HOUR = 60;

/** Percentiles from the histograms of whole days (of hours too, for everything together), and from the events elsewhere. */
@Injectable()
export class LatencyRepository {
  constructor(private readonly prisma: PrismaService) {}

  /** `starts`: of the intervals, in ms; without them, of the range as a whole. */
  async percentiles(question: UsageQuestion, starts: readonly number[] = []): Promise<PercentileTable> {
    const times = starts.map((start) => new Date(start).toISOString());
    const slot = starts.length === 0 ? Prisma.sql`0` : Prisma.sql`width_bucket(at, ${times}::timestamptz[]) - 1`;
    const rows = await this.prisma.client.$queryRaw<PercentileRow[]>`
      WITH cells AS (
        SELECT ${slot} AS slot, ${groupedBy(question, starts)}
      ), ranked AS (
        SELECT *, sum(count) OVER (PARTITION BY slot, whole, name, first ORDER BY bin) AS rank,
          sum(count) OVER (PARTITION BY slot, whole, name, first) AS total
        FROM cells
      )
      SELECT slot AS "interval", nullif(name, '') AS "name", whole AS "whole", first AS "first", ${percentile(50)}, ${percentile(90)}, ${percentile(95)}, ${percentile(99)}
      FROM ranked GROUP BY slot, name, whole, first`;
    return toTable(rows);
  }
}

/**
 * Name, bin and count of each cell. A summary by groups has those of each group and of all together, a series by groups those of the groups alone.
 */
function groupedBy(question: UsageQuestion, starts: readonly number[]): Prisma.Sql {
  const cells = Prisma.sql`bin > ${KIND_BOUNDARY}::int AS first, bin, sum(count) AS count
    FROM (${cellRows(question, starts)}) AS c`;
  if (question.groupBy === undefined) return Prisma.sql`NULL::text AS name, true AS whole, ${cells} GROUP BY 1, bin`;
  if (starts.length > 0) return Prisma.sql`name, false AS whole, ${cells} GROUP BY 1, bin, name`;
  return Prisma.sql`name, grouping(name) = 1 AS whole, ${cells} GROUP BY GROUPING SETS ((1, bin, name), (1, bin))`;
}

/** The bin in which the percentile lies: the lowest one up to whose end there are that many of a hundred. */
function percentile(hundredths: number): Prisma.Sql {
  const share = Prisma.raw(String(hundredths));
  return Prisma.sql`min(bin) FILTER (WHERE rank * 100 >= total * ${share}) AS ${Prisma.raw(`"p${hundredths}"`)}`;
}

/** Rows of `name`, `at`, `bin` and `count`. */
function cellRows(question: UsageQuestion, borders: readonly number[]): Prisma.Sql {
  const dimension = dimensionOf(question);
  const widths = dimension === 'all' ? [DAY, HOUR] : dimension === undefined || dimension === 'user' ? [] : [DAY];
  const range = { from: question.range.from.getTime(), to: question.range.to.getTime() };
  const { rollups, events } = rangeSpans(range, borders, widths);
  const shown = question.groupBy === undefined ? Prisma.sql`''` : Prisma.sql`h.name`;
  const histograms = Prisma.sql`
    SELECT ${shown} AS name, h.bucket_start AS at, cell.bin, cell.count
    FROM ${spanTable(rollups)} AS s(width, first, last) CROSS JOIN LATERAL (
      SELECT * FROM usage_latency r
      WHERE r.organization_id = ${question.organizationId}::uuid AND r.dimension = ${dimension ?? ''} AND r.width = s.width
        AND r.bucket_start >= s.first AND r.bucket_start < s.last ${groupConditions(question)} OFFSET 0) AS h
      CROSS JOIN LATERAL unnest(h.bins, h.counts) AS cell(bin, count)`;
  const single = Prisma.sql`
    SELECT e.name, e.at, b.bin, 1
    FROM ${spanTable(events.map((span) => ({ width: 0, ...span })))} AS s(width, first, last) CROSS JOIN LATERAL (
      SELECT ${nameColumn(question, 'events')} AS name, occurred_at AS at,
        CASE WHEN outcome = 'completed' THEN duration_ms::float8 END AS duration, first_token_ms::float8 AS first_token
      FROM usage_event WHERE ${inSpan(question)} ${nameConditions(question, 'events')} OFFSET 0) AS e
      CROSS JOIN LATERAL (VALUES (${latencyBinSql(Prisma.sql`duration`)}),
        (${FIRST_TOKEN_BINS}::int + ${latencyBinSql(Prisma.sql`first_token`)})) AS b(bin)
    WHERE b.bin IS NOT NULL`;
  return Prisma.sql`${histograms} UNION ALL ${single}`;
}

function toTable(rows: readonly PercentileRow[]): PercentileTable {
  const keyOf = (interval: number, whole: boolean, name: string | null, first: boolean): string =>
    JSON.stringify([interval, whole, name, first]);
  const known = new Map(rows.map((row) => [keyOf(row.interval, row.whole, row.name, row.first), row]));
  const read = (interval: number, name: string | null | undefined, first: boolean): LatencyPercentiles | null => {
    const row = known.get(keyOf(interval, name === undefined, name ?? null, first));
    if (!row) return null;
    const of = (bin: number): number => latencyOfBin(first ? bin - FIRST_TOKEN_BINS : bin);
    return { p50: of(row.p50), p90: of(row.p90), p95: of(row.p95), p99: of(row.p99) };
  };
  return {
    of: (interval, name) => ({
      durationMs: read(interval, name, false),
      firstTokenMs: read(interval, name, true),
    }),
  };
}
