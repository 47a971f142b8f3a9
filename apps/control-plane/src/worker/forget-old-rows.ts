import type { PrismaClient } from '../prisma/generated/client.ts';

const DAY_MS = 86_400_000;
const ATTEMPTS_KEPT_MS = DAY_MS;
/** An alert that is forgotten in its window would be told again; the longest window is a month. */
const ALERTS_KEPT_DAYS = 62;

/** Removes sessions that are over, failed logins that no longer count, and alerts that are older than usage events are kept. */
export async function forgetOldRows(
  client: PrismaClient,
  { nowMs, retentionDays }: { readonly nowMs: number; readonly retentionDays: number },
): Promise<void> {
  await client.session.deleteMany({ where: { expiresAt: { lt: new Date(nowMs) } } });
  await client.loginAttempt.deleteMany({ where: { updatedAt: { lt: new Date(nowMs - ATTEMPTS_KEPT_MS) } } });
  const alertsSince = new Date(nowMs - Math.max(retentionDays, ALERTS_KEPT_DAYS) * DAY_MS);
  await client.alert.deleteMany({ where: { firedAt: { lt: alertsSince } } });
}
