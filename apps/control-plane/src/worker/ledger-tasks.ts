import { LedgerReseed } from '../ledgers/ledger-reseed.ts';
import { ledgerOrganizations } from '../ledgers/ledger-organizations.ts';
import { reconcile } from '../reconciliation/reconcile.ts';
import { RepeatedTask } from './repeated-task.ts';
import type { WorkerParts } from './worker-parts.ts';

const RESEED_EVERY_MS = 500;

/** What keeps ledgers and usage events together. Any number of workers may do this at once: one does at a time. */
export function ledgerTasks(parts: WorkerParts): readonly RepeatedTask[] {
  const { prisma: client, redis, ledgers: store, logger, config, metrics } = parts;
  const now = () => Date.now();
  const mismatches = metrics
    .gauge('penstock_reconciliation_mismatches', 'Sums and ledgers that the last reconciliation had to mend', [], 'max')
    .with({});
  const reseed = new LedgerReseed({ client, redis, store, logger, now });
  const reconcileAll = async (): Promise<void> => {
    let found = 0;
    for (const { id } of await ledgerOrganizations(client)) {
      const result = await reconcile(id, { client, store, logger, retentionDays: config.usageRetentionDays, now });
      const raised = result?.ledgers.differences.filter(({ outcome }) => outcome === 'raised').length ?? 0;
      found += (result?.rollups.mismatched ?? 0) + raised;
    }
    mismatches.set(found);
  };
  const failed = (what: string) => (error: unknown) => logger.warn({ err: error }, `${what} failed; it is tried again`);
  return [
    new RepeatedTask(RESEED_EVERY_MS, () => reseed.run(), failed('Writing ledgers back')),
    new RepeatedTask(config.reconciliationIntervalMs, reconcileAll, failed('The reconciliation of usage')),
  ];
}
