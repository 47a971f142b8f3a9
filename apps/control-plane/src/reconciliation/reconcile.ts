import { Reconciliation } from '@penstock/contracts';
import { fireAlert } from '../alerts/fire-alert.ts';
import type { LedgerStore } from '../ledgers/ledger-store.ts';
import { withDatabaseLock } from '../ledgers/with-database-lock.ts';
import type { PrismaClient } from '../prisma/generated/client.ts';
import { reconcileLedgers } from './reconcile-ledgers.ts';
import { type ReconciliationLog, reconcileRollups } from './reconcile-rollups.ts';

export interface ReconciliationParts {
  readonly client: PrismaClient;
  readonly store: LedgerStore;
  readonly logger: ReconciliationLog;
  readonly retentionDays: number;
  /** Epoch ms. */
  readonly now: () => number;
}

/** Of runs closer together than that, what both find may still be the same requests under way. */
const APART_MS = 5_000;
const RUNS_KEPT = 500;
const DAY_MS = 86_400_000;

/**
 * Compares usage events, their sums and the ledgers of limits, mends what can be mended, writes down what was found and tells
 * admins when something did not fit. Undefined when another process is just doing it.
 */
export async function reconcile(
  organizationId: string,
  parts: ReconciliationParts,
): Promise<Reconciliation | undefined> {
  let result: Reconciliation | undefined;
  await withDatabaseLock(parts.client, `reconcile ${organizationId}`, async () => {
    result = await run(organizationId, parts);
    await keep(organizationId, result, parts.client);
    if (!result.consistent) await tell(organizationId, result, parts);
  });
  return result;
}

/** The result of the last run; undefined before the first. */
export async function latestReconciliation(
  client: PrismaClient,
  organizationId: string,
  before?: Date,
): Promise<Reconciliation | undefined> {
  const row = await client.reconciliationRun.findFirst({
    where: { organizationId, ...(before && { checkedAt: { lte: before } }) },
    orderBy: { checkedAt: 'desc' },
  });
  return row ? Reconciliation.parse(row.result) : undefined;
}

async function run(organizationId: string, parts: ReconciliationParts): Promise<Reconciliation> {
  const { client } = parts;
  const nowMs = parts.now();
  const startedAt = performance.now();
  const previous = await latestReconciliation(client, organizationId, new Date(nowMs - APART_MS));
  const rollups = await reconcileRollups(nowMs, parts);
  const ledgers = await reconcileLedgers(organizationId, previous?.ledgers.differences ?? [], parts);
  const since = new Date(nowMs - DAY_MS);
  const presumedRequests = await client.usageEvent.count({
    where: { organizationId, outcome: 'presumed', occurredAt: { gte: since }, day: { gte: since } },
  });
  return {
    checkedAt: new Date(nowMs).toISOString(),
    durationMs: Math.round(performance.now() - startedAt),
    consistent: rollups.mismatched === 0 && ledgers.unexplained === 0,
    rollups: {
      from: new Date(rollups.fromMs).toISOString(),
      to: new Date(nowMs).toISOString(),
      checked: rollups.checked,
      mismatched: rollups.mismatched,
    },
    ledgers: { checked: ledgers.checked, differences: [...ledgers.differences] },
    presumedRequests,
  };
}

async function keep(organizationId: string, result: Reconciliation, client: PrismaClient): Promise<void> {
  const checkedAt = new Date(result.checkedAt);
  await client.reconciliationRun.create({ data: { organizationId, checkedAt, consistent: result.consistent, result } });
  const [oldest] = await client.reconciliationRun.findMany({
    where: { organizationId },
    orderBy: { checkedAt: 'desc' },
    select: { checkedAt: true },
    skip: RUNS_KEPT,
    take: 1,
  });
  if (oldest) {
    await client.reconciliationRun.deleteMany({ where: { organizationId, checkedAt: { lte: oldest.checkedAt } } });
  }
}

async function tell(
  organizationId: string,
  result: Reconciliation,
  { client, now }: ReconciliationParts,
): Promise<void> {
  const raised = result.ledgers.differences.filter(({ outcome }) => outcome === 'raised').length;
  await fireAlert(client, {
    organizationId,
    kind: 'reconciliation',
    occurrence: result.checkedAt.slice(0, 10),
    subject: 'Usage',
    title: `Usage did not add up: ${result.rollups.mismatched} sums were computed anew, ${raised} ledgers were raised`,
    firedAt: new Date(now()),
  });
}
