import type { PrismaClient } from '../prisma/generated/client.ts';
import type { AlertRow } from './alert.mapper.ts';
import type { StoredChannel } from './alert-sender.ts';

/** A delivery that this worker is to try now. */
export interface ClaimedDelivery {
  readonly id: string;
  /** This attempt included. */
  readonly attempts: number;
  readonly alert: Omit<AlertRow, 'deliveries'>;
  readonly channel: StoredChannel & { readonly name: string };
}

/** A worker that has not said how its attempt ended for so long is taken for dead, and the delivery is tried again. */
const CLAIM_MS = 60_000;
const AT_ONCE = 20;
/** One channel that answers slowly must not hold up the others. */
const AT_ONCE_PER_CHANNEL = 4;

/**
 * Takes up to 20 deliveries that are due. No other worker gets them for a minute: they come back when this one dies in
 * between, so a receiver may get a message twice, under the same id.
 */
export async function claimDeliveries(client: PrismaClient, nowMs: number): Promise<readonly ClaimedDelivery[]> {
  const now = new Date(nowMs);
  const claimed = await client.$queryRaw<{ id: string }[]>`
    UPDATE alert_delivery SET attempts = attempts + 1, next_attempt_at = ${new Date(nowMs + CLAIM_MS)}
    WHERE id IN (
      SELECT id FROM alert_delivery
      WHERE state = 'pending' AND next_attempt_at <= ${now} AND id IN (
        SELECT id FROM (
          SELECT id, next_attempt_at, row_number() OVER (PARTITION BY alert_channel_id ORDER BY next_attempt_at, id) AS place
          FROM alert_delivery WHERE state = 'pending' AND next_attempt_at <= ${now}) due
        WHERE place <= ${AT_ONCE_PER_CHANNEL} ORDER BY next_attempt_at LIMIT ${AT_ONCE})
      FOR UPDATE SKIP LOCKED)
    RETURNING id`;
  if (claimed.length === 0) return [];
  return client.alertDelivery.findMany({
    where: { id: { in: claimed.map(({ id }) => id) } },
    include: { alert: true, channel: true },
    orderBy: { id: 'asc' },
  });
}
