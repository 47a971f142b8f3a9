import type { PrismaClient } from '../prisma/generated/client.ts';

const ATTEMPTS_KEPT_MS = 86_400_000;

/** Removes sessions that are over and failed logins that no longer count. */
export async function forgetOldRows(client: PrismaClient, nowMs: number): Promise<void> {
  await client.session.deleteMany({ where: { expiresAt: { lt: new Date(nowMs) } } });
  await client.loginAttempt.deleteMany({ where: { updatedAt: { lt: new Date(nowMs - ATTEMPTS_KEPT_MS) } } });
}
