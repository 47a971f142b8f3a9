import { Prisma, type PrismaClient } from '../prisma/generated/client.ts';

const DAY_MS = 86_400_000;
/** Days whose partition is made ahead, today included. */
const DAYS_AHEAD = 7;
/** Taken while partitions change, so that two workers do not do it at once. */
const PARTITION_LOCK = 7_305_803;

/** Makes the partitions of the coming days, and of those days whose events lie in the default partition. */
export async function createPartitions(client: PrismaClient, nowMs: number): Promise<void> {
  const ahead = Array.from({ length: DAYS_AHEAD }, (_, index) => dayOf(nowMs + index * DAY_MS));
  const stray = await client.$queryRaw<{ day: Date }[]>`SELECT DISTINCT day FROM usage_event_default LIMIT 100`;
  const existing = new Set((await listPartitions(client)).map(({ day }) => day));
  const days = new Set([...ahead, ...stray.map(({ day }) => dayOf(day.getTime()))]);
  for (const day of days) {
    if (!existing.has(day)) await createPartition(client, day);
  }
}

/** Drops the partitions of days that are older than the retention; returns their days. Sums stay. */
export async function dropOldPartitions(client: PrismaClient, nowMs: number, retentionDays: number): Promise<string[]> {
  const oldestKept = dayOf(nowMs - retentionDays * DAY_MS);
  const old = (await listPartitions(client)).filter(({ day }) => day < oldestKept);
  for (const { name } of old) {
    await client.$transaction(async (transaction) => {
      await transaction.$executeRaw`SELECT pg_advisory_xact_lock(${PARTITION_LOCK})`;
      await transaction.$executeRaw`DROP TABLE IF EXISTS ${Prisma.raw(`"${name}"`)}`;
    });
  }
  await client.$executeRaw`DELETE FROM usage_event_default WHERE day < ${oldestKept}::date`;
  return old.map(({ day }) => day);
}

/** The partitions of single days, by name. */
async function listPartitions(client: PrismaClient): Promise<{ name: string; day: string }[]> {
  const rows = await client.$queryRaw<{ name: string }[]>`
    SELECT c.relname::text AS name FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
    WHERE i.inhparent = 'usage_event'::regclass`;
  return rows.flatMap(({ name }) => {
    const [, year, month, day] = /^usage_event_(\d{4})(\d{2})(\d{2})$/.exec(name) ?? [];
    return year ? [{ name, day: `${year}-${month}-${day}` }] : [];
  });
}

/** Events of the day that already came lie in the default partition; they move along, since Postgres allows no overlap. */
async function createPartition(client: PrismaClient, day: string): Promise<void> {
  const name = Prisma.raw(`"usage_event_${day.replaceAll('-', '')}"`);
  const next = dayOf(Date.parse(day) + DAY_MS);
  await client.$transaction(
    async (transaction) => {
      await transaction.$executeRaw`SELECT pg_advisory_xact_lock(${PARTITION_LOCK})`;
      const [found] = await transaction.$queryRaw<{ exists: boolean }[]>`
        SELECT to_regclass(${`usage_event_${day.replaceAll('-', '')}`}) IS NOT NULL AS exists`;
      if (found?.exists) return;
      // Writers wait for this short moment, so that none adds to the day in between.
      await transaction.$executeRaw`LOCK TABLE usage_event IN SHARE ROW EXCLUSIVE MODE`;
      await transaction.$executeRaw`CREATE TABLE ${name} (LIKE usage_event INCLUDING DEFAULTS INCLUDING CONSTRAINTS)`;
      await transaction.$executeRaw`
        WITH moved AS (DELETE FROM usage_event_default WHERE day = ${day}::date RETURNING *)
        INSERT INTO ${name} SELECT * FROM moved`;
      await transaction.$executeRaw`
        ALTER TABLE usage_event ATTACH PARTITION ${name} FOR VALUES FROM (${Prisma.raw(`'${day}'`)}) TO (${Prisma.raw(`'${next}'`)})`;
    },
    { timeout: 60_000 },
  );
}

function dayOf(timeMs: number): string {
  return new Date(timeMs).toISOString().slice(0, 10);
}
