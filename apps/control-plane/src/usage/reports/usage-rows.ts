import { Prisma } from '../../prisma/generated/client.ts';
import { SUM_COLUMNS, eventSums, sumColumns } from '../store/sum-columns.ts';
import {
  dimensionOf,
  groupConditions,
  nameColumn,
  nameConditions,
  onlyEventsKnow,
  type UsageQuestion,
} from '../usage-question.ts';
import { intervalSpans, type IntervalSpans, type SignedSpan } from './interval-spans.ts';
import type { RollupSpan, Span } from './rollup-spans.ts';

const DAY = 1_440;
const HOUR = 60;
const QUARTER = 15;
/** The columns of a row of quarters, whose durations are decimals in milliseconds. */
const quarterColumns = Prisma.raw(
  SUM_COLUMNS.map((name) =>
    name.includes('_us_') ? `(${name.replace('_us_', '_ms_')} * 1000)::bigint AS ${name}` : name,
  ).join(', '),
);

/** The columns of a row of the span `s`. */
const signedColumns = Prisma.raw(SUM_COLUMNS.map((name) => `${name} * s.sign AS ${name}`).join(', '));

/**
 * What answers a question, as rows of `name`, `slot` (the interval, from 0) and sums: rows of sums as far as they go, and a row for each
 * event elsewhere. Rows with negative sums take away what others hold too much, so that groups may come to nothing. All is one
 * statement, so that it is one instant. `starts`: of the intervals, in ms; none: the range is one.
 */
export function usageRows(question: UsageQuestion, starts: readonly number[] = []): Prisma.Sql {
  const spans = spansOf(question, starts);
  const dimension = dimensionOf(question);
  const ofWidth = (width: number) => spans.rollups.filter((span) => span.width === width);
  const parts = dimension
    ? [groupRows(question, dimension, spans.rollups)]
    : [fullRows(question, 'usage_day_rollup', ofWidth(DAY)), fullRows(question, 'usage_rollup', ofWidth(QUARTER))];
  const rows = [...parts, eventRows(question, spans.events, starts)].filter((part) => part !== Prisma.empty);
  return Prisma.join(rows, ' UNION ALL ');
}

function spansOf(question: UsageQuestion, starts: readonly number[]): IntervalSpans {
  const { range } = question;
  return intervalSpans({ from: range.from.getTime(), to: range.to.getTime() }, starts, widthsFor(question));
}

/** Widths of the rows of sums that know what is asked for. */
function widthsFor(question: UsageQuestion): readonly number[] {
  if (onlyEventsKnow(question)) return [];
  const dimension = dimensionOf(question);
  return dimension === undefined || dimension === 'user' ? [DAY, QUARTER] : [DAY, HOUR, QUARTER];
}

/** From the sums by one name alone. */
function groupRows(question: UsageQuestion, dimension: string, spans: readonly SignedSpan[]): Prisma.Sql {
  if (spans.length === 0) return Prisma.empty;
  // OFFSET 0 keeps the planner, which knows nothing of fresh tables, to one look into the index for each span.
  return Prisma.sql`
    SELECT ${question.groupBy === undefined ? Prisma.sql`''` : Prisma.sql`g.name`} AS name, s.slot, ${signedColumns}
    FROM ${signedTable(spans)} CROSS JOIN LATERAL (
      SELECT * FROM usage_group_rollup r
      WHERE r.organization_id = ${question.organizationId}::uuid AND r.dimension = ${dimension} AND r.width = s.width
        AND r.bucket_start >= s.first AND r.bucket_start < s.last ${groupConditions(question)} OFFSET 0) AS g`;
}

/** From sums by everything together. */
function fullRows(
  question: UsageQuestion,
  table: 'usage_day_rollup' | 'usage_rollup',
  spans: readonly SignedSpan[],
): Prisma.Sql {
  if (spans.length === 0) return Prisma.empty;
  const columns = table === 'usage_rollup' ? quarterColumns : sumColumns;
  return Prisma.sql`
    SELECT f.name, s.slot, ${signedColumns}
    FROM ${signedTable(spans)} CROSS JOIN LATERAL (
      SELECT ${nameColumn(question, 'rollups')} AS name, ${columns} FROM ${Prisma.raw(table)}
      WHERE organization_id = ${question.organizationId}::uuid AND bucket_start >= s.first AND bucket_start < s.last
        ${nameConditions(question, 'rollups')} OFFSET 0) AS f`;
}

/** From the events themselves. */
function eventRows(question: UsageQuestion, spans: readonly Span[], starts: readonly number[]): Prisma.Sql {
  if (spans.length === 0) return Prisma.empty;
  return Prisma.sql`
    SELECT e.name, ${slotOf(Prisma.sql`e.at`, starts)} AS slot, ${sumColumns}
    FROM ${spanTable(spans.map((span) => ({ width: 0, ...span })))} AS s(width, first, last) CROSS JOIN LATERAL (
      SELECT ${nameColumn(question, 'events')} AS name, occurred_at AS at, ${eventSums} FROM usage_event
      WHERE ${inSpan(question)} ${nameConditions(question, 'events')} OFFSET 0) AS e`;
}

/** The interval that holds an instant, from 0. */
export function slotOf(at: Prisma.Sql, starts: readonly number[]): Prisma.Sql {
  if (starts.length === 0) return Prisma.sql`0`;
  const times = starts.map((start) => new Date(start).toISOString());
  return Prisma.sql`width_bucket(${at}, ${times}::timestamptz[]) - 1`;
}

/** The spans as rows `s` of width, first and last instant, interval and sign. */
function signedTable(spans: readonly SignedSpan[]): Prisma.Sql {
  const slots = Prisma.sql`${spans.map(({ interval }) => interval)}::int[], ${spans.map(({ sign }) => sign)}::int[]`;
  return Prisma.sql`unnest(${columnsOf(spans)}, ${slots}) AS s(width, first, last, slot, sign)`;
}

/** Events of the question's organization in the span `s`; the days leave out the partitions of all others. */
export function inSpan({ organizationId }: Pick<UsageQuestion, 'organizationId'>): Prisma.Sql {
  return Prisma.sql`organization_id = ${organizationId}::uuid AND occurred_at >= s.first AND occurred_at < s.last
    AND day >= (s.first AT TIME ZONE 'UTC')::date AND day <= (s.last AT TIME ZONE 'UTC')::date`;
}

/** The spans as rows of width, first and last instant. */
export function spanTable(spans: readonly RollupSpan[]): Prisma.Sql {
  return Prisma.sql`unnest(${columnsOf(spans)})`;
}

function columnsOf(spans: readonly RollupSpan[]): Prisma.Sql {
  const times = (pick: (span: RollupSpan) => number) => spans.map((span) => new Date(pick(span)).toISOString());
  return Prisma.sql`${spans.map(({ width }) => width)}::smallint[], ${times(({ from }) => from)}::timestamptz[],
    ${times(({ to }) => to)}::timestamptz[]`;
}
