import type { PrismaClient } from '../prisma/generated/client.ts';

const DAY_MS = 86_400_000;
/** The longest range of a report: callers make up users, so that their sums are as many as events. */
const USERS_KEPT_DAYS = 400;
/** Three years; the names of everything else are few. */
const SUMS_KEPT_DAYS = 1_100;
/** Rows in one statement, so that none holds its locks for long. */
const ROWS_AT_ONCE = 10_000;
/** Statements in one run, over all tables. */
const MAX_STATEMENTS = 200;

/** One look into the index of a table. */
interface OldRows {
  readonly table: 'usage_group_rollup' | 'usage_latency' | 'usage_rollup' | 'usage_day_rollup';
  readonly organizationId: string;
  /** Absent in tables that know none. */
  readonly dimension?: string;
  readonly width?: number;
  readonly before: Date;
}

/** Deletes sums that no report needs any more, in small steps; what one run leaves the next one takes. Returns the deleted rows. */
export async function forgetOldSums(client: PrismaClient, nowMs: number): Promise<number> {
  let [deleted, statements] = [0, 0];
  for (const rows of await oldRows(client, nowMs)) {
    for (let last = ROWS_AT_ONCE; last === ROWS_AT_ONCE && statements < MAX_STATEMENTS; statements += 1) {
      last = await deleteSome(client, rows);
      deleted += last;
    }
  }
  return deleted;
}

async function oldRows(client: PrismaClient, nowMs: number): Promise<OldRows[]> {
  const organizations = await client.organization.findMany({ select: { id: true } });
  // Whole days: a report takes quarters away from a row of a day, so that neither may be there without the other.
  const today = Math.floor(nowMs / DAY_MS) * DAY_MS;
  const users = new Date(today - USERS_KEPT_DAYS * DAY_MS);
  const before = new Date(today - SUMS_KEPT_DAYS * DAY_MS);
  const dimensions = ['all', 'key', 'team', 'proxy', 'provider', 'model'];
  return organizations.flatMap(({ id: organizationId }) => [
    ...[15, 1_440].map((width) =>
      row('usage_group_rollup', { organizationId, dimension: 'user', width, before: users }),
    ),
    ...dimensions.flatMap((dimension) => [
      ...[15, 60, 1_440].map((width) => row('usage_group_rollup', { organizationId, dimension, width, before })),
      ...[60, 1_440].map((width) => row('usage_latency', { organizationId, dimension, width, before })),
    ]),
    row('usage_rollup', { organizationId, before }),
    row('usage_day_rollup', { organizationId, before }),
  ]);
}

function row(table: OldRows['table'], rest: Omit<OldRows, 'table'>): OldRows {
  return { table, ...rest };
}

/** At most {@link ROWS_AT_ONCE}; how many there were. */
async function deleteSome(
  client: PrismaClient,
  { table, organizationId, dimension, width, before }: OldRows,
): Promise<number> {
  const values: unknown[] = [organizationId, before.toISOString()];
  let conditions = 'organization_id = $1::uuid AND bucket_start < $2::timestamptz';
  if (dimension !== undefined) {
    values.push(dimension, width);
    conditions += ' AND dimension = $3 AND width = $4::smallint';
  }
  // The table is one of four names of ours.
  const statement = `DELETE FROM ${table} WHERE ctid = ANY(ARRAY(SELECT ctid FROM ${table} WHERE ${conditions} LIMIT ${ROWS_AT_ONCE}))`;
  return client.$executeRawUnsafe(statement, ...values);
}
