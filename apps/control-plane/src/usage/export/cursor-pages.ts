import pg from 'pg';
import type { Prisma } from '../../prisma/generated/client.ts';

/** Rows that are in memory at one time. */
const PAGE_ROWS = 1_000;
const CONNECT_TIMEOUT_MS = 5_000;
/** For the first page, which may have to sum up everything, and for each page after it. */
const STATEMENT_TIMEOUT_MS = 300_000;
/** A reader that is slower is cut off: as long as a cursor is open, Postgres cannot clean up behind it. */
const MAX_OPEN_MS = 1_800_000;

/**
 * The rows of a query that has one JSON column `row`, page by page, all from one instant of the database. The next page is read when the
 * one before it was taken. Has its own connection, which is closed when the reader leaves or 30 minutes have passed.
 */
export async function* cursorPages<Row>(databaseUrl: string, query: Prisma.Sql): AsyncGenerator<readonly Row[]> {
  const client = new pg.Client({
    connectionString: databaseUrl,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
  });
  // A connection that breaks also rejects the query that waits on it, which is where it is told.
  client.on('error', () => undefined);
  const closeAtMs = performance.now() + MAX_OPEN_MS;
  try {
    await client.connect();
    await client.query('BEGIN TRANSACTION READ ONLY ISOLATION LEVEL REPEATABLE READ');
    await client.query(`DECLARE exported NO SCROLL CURSOR FOR ${query.text}`, [...query.values]);
    for (;;) {
      if (performance.now() > closeAtMs) throw new Error('the export took more than 30 minutes to be read');
      const { rows } = await client.query<{ row: Row }>(`FETCH ${PAGE_ROWS} FROM exported`);
      if (rows.length === 0) return;
      yield rows.map(({ row }) => row);
    }
  } finally {
    await client.end();
  }
}
