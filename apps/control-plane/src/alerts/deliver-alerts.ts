import type { AlertChannelSpec } from '@penstock/contracts';
import type { Logger } from '@penstock/telemetry';
import type { PrismaClient } from '../prisma/generated/client.ts';
import { toAlert } from './alert.mapper.ts';
import { type AlertNotice, consoleLink } from './alert-notice.ts';
import type { AlertSender, SendResult } from './alert-sender.ts';
import { type ClaimedDelivery, claimDeliveries } from './claim-deliveries.ts';
import { nextAttemptAt } from './retry-schedule.ts';

interface DeliveryParts {
  readonly client: PrismaClient;
  readonly sender: AlertSender;
  readonly logger: Logger;
  readonly publicUrl: string | undefined;
  /** Epoch ms. */
  readonly now: () => number;
  /** From 0 up to 1. */
  readonly random: () => number;
}

/** Sends what is due until nothing is, and writes down how each attempt ended. Any number of workers may do this at once. */
export async function deliverAlerts(parts: DeliveryParts): Promise<void> {
  for (;;) {
    const claimed = await claimDeliveries(parts.client, parts.now());
    if (claimed.length === 0) return;
    await Promise.all(claimed.map((delivery) => attempt(delivery, parts)));
  }
}

async function attempt(delivery: ClaimedDelivery, parts: DeliveryParts): Promise<void> {
  const { enabled } = delivery.channel.spec as AlertChannelSpec;
  const disabled: SendResult = { ok: false, reason: 'The channel was disabled.', final: true };
  const { id, channel } = delivery;
  const result = enabled ? await parts.sender.send(channel, noticeOf(delivery, parts.publicUrl), id) : disabled;
  await parts.client.alertDelivery.update({ where: { id }, data: outcomeOf(delivery, result, parts) });
  if (!result.ok) {
    parts.logger.warn(
      { channel: channel.name, attempts: delivery.attempts, reason: result.reason },
      'An alert was not delivered',
    );
  }
}

function noticeOf({ alert }: ClaimedDelivery, publicUrl: string | undefined): AlertNotice {
  const { deliveries: _deliveries, ...told } = toAlert({ ...alert, deliveries: [] });
  return { ...told, consoleUrl: consoleLink(publicUrl) };
}

function outcomeOf({ alert, attempts }: ClaimedDelivery, result: SendResult, { now, random }: DeliveryParts) {
  const nowMs = now();
  if (result.ok) return { state: 'delivered', deliveredAt: new Date(nowMs), nextAttemptAt: null, lastError: null };
  const next = result.final
    ? undefined
    : nextAttemptAt({ attempts, firedAtMs: alert.firedAt.getTime(), nowMs }, random());
  if (next === undefined) return { state: 'failed', nextAttemptAt: null, lastError: result.reason };
  return { nextAttemptAt: new Date(next), lastError: result.reason };
}
