import { AlertSender } from '../alerts/alert-sender.ts';
import { deliverAlerts } from '../alerts/deliver-alerts.ts';
import { LedgerAlerts } from '../alerts/ledger-alerts.ts';
import { UnknownPriceAlerts } from '../alerts/unknown-prices.ts';
import { TouchedSubjectsLog } from '../ledgers/touched-subjects.ts';
import { UpstreamGuard } from '../upstream/upstream-guard.ts';
import { RepeatedTask } from './repeated-task.ts';
import type { UsageListener } from './usage-listener.ts';
import type { WorkerParts } from './worker-parts.ts';

const LOOKING_EVERY_MS = 5_000;
const DELIVERING_EVERY_MS = 1_000;

/** What finds out what is to be told, and what tells it. Any number of workers may do this at once. */
export function alertTasks(parts: WorkerParts): {
  readonly tasks: readonly RepeatedTask[];
  readonly listener: UsageListener;
} {
  const { prisma: client, ledgers: store, logger, config, keys } = parts;
  const now = () => Date.now();
  const touched = new TouchedSubjectsLog();
  const ledgerAlerts = new LedgerAlerts({ client, store, touched, now });
  const unknownPrices = new UnknownPriceAlerts(client, now);
  const guard = new UpstreamGuard(config.upstreamAllowList);
  const sender = new AlertSender({ guard, keys, smtp: config.smtp, now });
  const deliver = () =>
    deliverAlerts({ client, sender, logger, publicUrl: config.publicUrl, now, random: () => Math.random() });
  const failed = (what: string) => (error: unknown) => logger.warn({ err: error }, `${what} failed; it is tried again`);
  return {
    listener: {
      name: 'alerts',
      committed(events) {
        touched.note(events);
        unknownPrices.note(events);
      },
    },
    tasks: [
      new RepeatedTask(LOOKING_EVERY_MS, () => ledgerAlerts.run(), failed('Looking for reached thresholds')),
      new RepeatedTask(LOOKING_EVERY_MS, () => unknownPrices.run(), failed('Looking for unknown prices')),
      new RepeatedTask(DELIVERING_EVERY_MS, deliver, failed('Delivering alerts')),
    ],
  };
}
