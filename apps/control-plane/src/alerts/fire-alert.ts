import type { Alert, AlertChannelSpec, AlertKind } from '@penstock/contracts';
import type { Prisma, PrismaClient } from '../prisma/generated/client.ts';
import type { Transaction } from '../prisma/prisma.service.ts';

/** Something to tell admins. */
export interface NewAlert {
  readonly organizationId: string;
  readonly kind: AlertKind;
  /** What it is once: of all that try to tell it, one does. */
  readonly occurrence: string;
  /** It is not told either when one of these was: those of higher thresholds. */
  readonly unless?: readonly string[];
  readonly subject: string;
  readonly title: string;
  readonly limit?: NonNullable<Alert['limit']>;
  readonly firedAt: Date;
}

/**
 * Writes an alert and its deliveries, one for each channel that takes the kind, in one transaction. False when it, or one of
 * `unless`, was written before: the unique key and the lock make sure of that, however many workers try.
 */
export async function fireAlert(client: PrismaClient, alert: NewAlert): Promise<boolean> {
  const { organizationId, kind, occurrence, unless = [], firedAt } = alert;
  return client.$transaction(async (transaction) => {
    // Those who tell of one subject stand in line; it goes with the transaction.
    const line = `penstock alert ${organizationId} ${kind} ${alert.subject}`;
    await transaction.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${line}, 0))`;
    const known = await transaction.alert.findFirst({
      where: { organizationId, kind, occurrence: { in: [occurrence, ...unless] } },
      select: { id: true },
    });
    if (known) return false;
    const { subject, title, limit } = alert;
    const data = { organizationId, kind, occurrence, subject, title, firedAt };
    const { id } = await transaction.alert.create({
      data: limit ? { ...data, limit: limit satisfies Prisma.InputJsonObject } : data,
    });
    const channels = await channelsFor(transaction, organizationId, kind);
    await transaction.alertDelivery.createMany({
      data: channels.map((channelId) => ({
        organizationId,
        alertId: id,
        channelId,
        state: 'pending',
        nextAttemptAt: firedAt,
      })),
    });
    return true;
  });
}

const MAX_CHANNELS = 1_000;

async function channelsFor(transaction: Transaction, organizationId: string, kind: AlertKind): Promise<string[]> {
  const channels = await transaction.alertChannel.findMany({
    where: { organizationId },
    select: { id: true, spec: true },
    orderBy: { id: 'asc' },
    take: MAX_CHANNELS,
  });
  return channels.flatMap(({ id, spec }) => {
    const { enabled, kinds } = spec as AlertChannelSpec;
    return enabled && (kinds === undefined || kinds.includes(kind)) ? [id] : [];
  });
}
