import type { PrismaClient } from '../prisma/generated/client.ts';

const HELD_AT_MOST_MS = 600_000;

/**
 * Runs the work while no other process runs work under the same name; false, and nothing is run, when one does. The work runs
 * outside of the transaction that holds the lock. Rejects when it takes more than ten minutes.
 */
export async function withDatabaseLock(
  client: PrismaClient,
  name: string,
  work: () => Promise<void>,
): Promise<boolean> {
  return client.$transaction(
    async (transaction) => {
      const [row] = await transaction.$queryRaw<{ locked: boolean }[]>`
        SELECT pg_try_advisory_xact_lock(hashtextextended(${`penstock ${name}`}, 0)) AS locked`;
      if (!row?.locked) return false;
      await work();
      return true;
    },
    { timeout: HELD_AT_MOST_MS, maxWait: 10_000 },
  );
}
