import { redisNames } from '@penstock/contracts';
import type { Redis } from 'ioredis';
import { withDeadline } from './with-deadline.ts';

const DEADLINE_MS = 5_000;
/** Longer than a worker's lock for it. */
const RESEED_AT_MOST_MS = 900_000;
const FINISH_SCRIPT = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('DEL', KEYS[1])
redis.call('SET', KEYS[2], '1')
return 1`;

/** Says in Redis that an organization's ledgers are complete, which lasts until Redis loses its data. Rejects after 5 s. */
export async function markLedgersSeeded(redis: Redis, organizationId: string): Promise<void> {
  await withDeadline(redis.set(redisNames.ledgersSeeded(organizationId), '1'), DEADLINE_MS);
}

/** Notes that an organization's ledgers are about to be written back, under the name of this attempt. Rejects after 5 s. */
export async function beginLedgerReseed(redis: Redis, organizationId: string, token: string): Promise<void> {
  const key = redisNames.ledgerReseedOf(organizationId);
  await withDeadline(redis.set(key, token, 'PX', RESEED_AT_MOST_MS), DEADLINE_MS);
}

/**
 * Says that an organization's ledgers are complete, unless Redis has lost its data since the attempt began, or another one has
 * begun: false then. Rejects after 5 s.
 */
export async function finishLedgerReseed(redis: Redis, organizationId: string, token: string): Promise<boolean> {
  const keys = [redisNames.ledgerReseedOf(organizationId), redisNames.ledgersSeeded(organizationId)];
  return (await withDeadline(redis.eval(FINISH_SCRIPT, keys.length, ...keys, token), DEADLINE_MS)) === 1;
}

/** Whether an organization's ledgers in Redis are complete. Rejects when Redis does, or after 5 s. */
export async function ledgersSeeded(redis: Redis, organizationId: string): Promise<boolean> {
  return (await withDeadline(redis.exists(redisNames.ledgersSeeded(organizationId)), DEADLINE_MS)) === 1;
}
