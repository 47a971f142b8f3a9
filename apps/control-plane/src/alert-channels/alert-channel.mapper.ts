import type { AlertChannel, AlertChannelSpec } from '@penstock/contracts';
import type { AlertChannel as AlertChannelTableRow } from '../prisma/generated/client.ts';
import { documentOf } from '../resources/document.ts';

/** How the newest delivery that was tried has ended. */
export interface LastDelivery {
  readonly state: 'delivered' | 'failed';
  readonly at: Date;
  readonly error: string | null;
}

/** A channel with what came of its newest delivery. */
export type AlertChannelRow = AlertChannelTableRow & { readonly lastDelivery?: LastDelivery | undefined };

/** The document; never with the URL or the signing secret. */
export function toAlertChannel(row: AlertChannelRow): AlertChannel {
  const { target, lastDelivery } = row;
  return documentOf('AlertChannel', row, row.spec as AlertChannelSpec, {
    target,
    lastDelivery: lastDelivery ? { ...lastDelivery, at: lastDelivery.at.toISOString() } : null,
  });
}
