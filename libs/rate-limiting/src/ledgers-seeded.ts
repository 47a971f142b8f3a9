import { redisNames } from '@penstock/contracts';
import type { Redis } from 'ioredis';
import { withDeadline } from './with-deadline.ts';

const DEADLINE_MS = 5_000;

/** Says in Redis that an organization's ledgers are complete, which lasts until Redis loses its data. Rejects after 5 s. */
export async function markLedgersSeeded(redis: Redis, organizationId: string): Promise<void> {
  await withDeadline(redis.set(redisNames.ledgersSeeded(organizationId), '1'), DEADLINE_MS);
}

/** Whether an organization's ledgers in Redis are complete. Rejects when Redis does, or after 5 s. */
export async function ledgersSeeded(redis: Redis, organizationId: string): Promise<boolean> {
  return (await withDeadline(redis.exists(redisNames.ledgersSeeded(organizationId)), DEADLINE_MS)) === 1;
}
