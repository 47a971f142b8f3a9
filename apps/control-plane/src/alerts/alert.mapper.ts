import type { Alert, AlertDelivery } from '@penstock/contracts';
import type { Alert as AlertTableRow, AlertDelivery as DeliveryRow } from '../prisma/generated/client.ts';

/** What the mapper reads besides the alert itself. */
export const alertRelations = {
  deliveries: { include: { channel: { select: { name: true } } }, orderBy: { id: 'asc' } },
} as const;

/** An alert with its deliveries. */
export type AlertRow = AlertTableRow & {
  readonly deliveries: readonly (DeliveryRow & { readonly channel: { readonly name: string } })[];
};

export function toAlert({ id, kind, subject, title, limit, firedAt, deliveries }: AlertRow): Alert {
  return {
    id,
    kind: kind as Alert['kind'],
    firedAt: firedAt.toISOString(),
    title,
    subject,
    limit: limit as Alert['limit'],
    deliveries: deliveries.map(toDelivery),
  };
}

function toDelivery(row: AlertRow['deliveries'][number]): AlertDelivery {
  return {
    channel: row.channel.name,
    state: row.state as AlertDelivery['state'],
    attempts: row.attempts,
    lastError: row.lastError,
    deliveredAt: row.deliveredAt?.toISOString() ?? null,
    nextAttemptAt: row.nextAttemptAt?.toISOString() ?? null,
  };
}
