import { Prisma, type PrismaClient } from '../prisma/generated/client.ts';
import { measuredEvents } from '../usage/store/full-rollups.ts';
import { SUM_COLUMNS, sumsOfColumns } from '../usage/store/sum-columns.ts';

/** A span of whole quarters of an hour within one UTC day; epoch ms, without the end. */
export interface CheckedSpan {
  readonly startMs: number;
  readonly endMs: number;
}

/** How many sums were compared with their events, and how many did not equal them. */
export interface RollupFindings {
  readonly checked: number;
  readonly mismatched: number;
}

const QUARTER_KEY = Prisma.raw('organization_id, bucket_start, virtual_key_id, team_id, proxy_id, provider_id, model');
/** The quarters keep times in milliseconds, the other sums in microseconds. */
const quarterColumns = (name: string) =>
  Prisma.raw(
    SUM_COLUMNS.map((column) =>
      column.endsWith('_us_sum') ? `${name}.${column.replace('_us_', '_ms_')} * 1000` : `${name}.${column}`,
    ).join(', '),
  );
const columnsOf = (name: string) => Prisma.raw(SUM_COLUMNS.map((column) => `${name}.${column}`).join(', '));
const NIL = '00000000-0000-0000-0000-000000000000';

/** The events of the span, under the name that the store's own statements give to those that it has just inserted. */
export function eventsAs(name: 'inserted', { startMs, endMs }: CheckedSpan): Prisma.Sql {
  return Prisma.sql`${Prisma.raw(name)} AS (
    SELECT * FROM usage_event
    WHERE day = ${dayOf(startMs)}::date AND occurred_at >= ${new Date(startMs)} AND occurred_at < ${new Date(endMs)})`;
}

/** Compares each sum of a quarter of an hour with its events. One statement sees one state of both, however much comes in. */
export async function checkQuarters(client: PrismaClient, span: CheckedSpan): Promise<RollupFindings> {
  const [row] = await client.$queryRaw<{ checked: bigint; mismatched: bigint }[]>`
    WITH ${eventsAs('inserted', span)}, ${measuredEvents}, expected AS (
      SELECT organization_id, bucket_start, coalesce(virtual_key_id, ${NIL}::uuid) AS virtual_key_id,
        coalesce(team_id, ${NIL}::uuid) AS team_id, coalesce(proxy_id, ${NIL}::uuid) AS proxy_id,
        coalesce(provider_id, ${NIL}::uuid) AS provider_id, model, ${sumsOfColumns}
      FROM measured GROUP BY 1, 2, 3, 4, 5, 6, 7
    ), found AS (
      SELECT * FROM usage_rollup WHERE bucket_start >= ${new Date(span.startMs)} AND bucket_start < ${new Date(span.endMs)}
    )
    SELECT count(*) AS checked,
      count(*) FILTER (WHERE ROW(${columnsOf('expected')}) IS DISTINCT FROM ROW(${quarterColumns('found')})) AS mismatched
    FROM expected FULL JOIN found USING (${QUARTER_KEY})`;
  return { checked: Number(row?.checked ?? 0), mismatched: Number(row?.mismatched ?? 0) };
}

/** Compares what the other sums of a whole UTC day add up to with the events of that day: by kind of sum, not row by row. */
export async function checkDayTotals(client: PrismaClient, span: CheckedSpan): Promise<RollupFindings> {
  const range = Prisma.sql`bucket_start >= ${new Date(span.startMs)} AND bucket_start < ${new Date(span.endMs)}`;
  const rows = await client.$queryRaw<{ checked: bigint; mismatched: bigint }[]>`
    WITH ${eventsAs('inserted', span)}, ${measuredEvents}, expected AS (
      SELECT organization_id, ${sumsOfColumns} FROM measured GROUP BY 1
    ), histogram AS (
      SELECT organization_id, count(duration) + count(first_token) AS entries FROM measured GROUP BY 1
    ), found AS (
      SELECT organization_id, 'day' AS kind, ${sumsOfColumns} FROM usage_day_rollup WHERE ${range} GROUP BY 1
      UNION ALL
      SELECT organization_id, dimension || width, ${sumsOfColumns} FROM usage_group_rollup WHERE ${range} GROUP BY 1, 2
    ), latencies AS (
      SELECT organization_id, dimension || width AS kind, sum(entries) AS entries FROM usage_latency
        CROSS JOIN LATERAL (SELECT sum(count) AS entries FROM unnest(counts) AS c(count)) AS e
      WHERE ${range} GROUP BY 1, 2
    ), kinds AS (
      SELECT organization_id, kind FROM expected CROSS JOIN (VALUES ('day'), ('all15'), ('all60'), ('all1440'), ('key15'), ('key60'), ('key1440'),
        ('team15'), ('team60'), ('team1440'), ('proxy15'), ('proxy60'), ('proxy1440'), ('provider15'), ('provider60'), ('provider1440'),
        ('model15'), ('model60'), ('model1440'), ('user15'), ('user1440')) AS k(kind)
      UNION SELECT organization_id, kind FROM found
    )
    SELECT count(*) AS checked, count(*) FILTER (WHERE ROW(${columnsOf('expected')}) IS DISTINCT FROM ROW(${columnsOf('found')})) AS mismatched
    FROM kinds LEFT JOIN expected USING (organization_id) LEFT JOIN found USING (organization_id, kind)
    UNION ALL
    SELECT count(*), count(*) FILTER (WHERE coalesce(histogram.entries, 0) <> latencies.entries)
    FROM latencies LEFT JOIN histogram USING (organization_id)`;
  return {
    checked: rows.reduce((sum, row) => sum + Number(row.checked), 0),
    mismatched: rows.reduce((sum, row) => sum + Number(row.mismatched), 0),
  };
}

function dayOf(timeMs: number): string {
  return new Date(timeMs).toISOString().slice(0, 10);
}
