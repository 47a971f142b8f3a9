import { Prisma, type PrismaClient } from '../prisma/generated/client.ts';
import { addToDays, addToQuarters, measuredEvents } from '../usage/store/full-rollups.ts';
import { addToGroups } from '../usage/store/group-rollups.ts';
import { addToLatencies } from '../usage/store/latency-rollups.ts';
import { eventsAs } from './rollup-check.ts';

const DAY_MS = 86_400_000;
const TIMEOUT_MS = 600_000;
const TIMEOUT_SQL = Prisma.raw(String(TIMEOUT_MS));

/**
 * Computes all sums and histograms of a UTC day anew from its events, in one transaction. New usage waits meanwhile. All of the
 * day's events must still be there.
 */
export async function recomputeDay(client: PrismaClient, dayMs: number): Promise<void> {
  const span = { startMs: dayMs, endMs: dayMs + DAY_MS };
  const [from, to] = [new Date(span.startMs), new Date(span.endMs)];
  await client.$transaction(
    async (transaction) => {
      await transaction.$executeRaw`SET LOCAL statement_timeout = ${TIMEOUT_SQL}`;
      await transaction.$executeRaw`LOCK TABLE usage_event IN SHARE MODE`;
      await transaction.$executeRaw`DELETE FROM usage_rollup WHERE bucket_start >= ${from} AND bucket_start < ${to}`;
      await transaction.$executeRaw`DELETE FROM usage_day_rollup WHERE bucket_start >= ${from} AND bucket_start < ${to}`;
      await transaction.$executeRaw`DELETE FROM usage_group_rollup WHERE bucket_start >= ${from} AND bucket_start < ${to}`;
      await transaction.$executeRaw`DELETE FROM usage_latency WHERE bucket_start >= ${from} AND bucket_start < ${to}`;
      await transaction.$executeRaw`
        WITH ${eventsAs('inserted', span)}, ${measuredEvents}, ${addToQuarters}, ${addToDays}, ${addToGroups}, ${addToLatencies}
        SELECT count(*) FROM inserted`;
    },
    { timeout: TIMEOUT_MS, maxWait: 10_000 },
  );
}
