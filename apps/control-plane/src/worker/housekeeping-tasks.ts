import { forgetOldSums } from '../usage/forget-old-sums.ts';
import { forgetOldRows } from './forget-old-rows.ts';
import { persistHeartbeats } from './persist-heartbeats.ts';
import { RepeatedTask } from './repeated-task.ts';
import { createPartitions, dropOldPartitions } from './usage-partitions.ts';
import type { WorkerParts } from './worker-parts.ts';

const PARTITIONS_EVERY_MS = 600_000;
const FORGETTING_EVERY_MS = 600_000;
/** Often, so that a Redis that loses its data does not make a gateway unknown. */
const HEARTBEATS_EVERY_MS = 3_000;

/** Partitions, retention, and what the gateways say of themselves. Any number of workers may do this at once. */
export function housekeepingTasks({ config, logger, prisma, redis }: WorkerParts): readonly RepeatedTask[] {
  const failed = (what: string) => (error: unknown) => logger.warn({ err: error }, `${what} failed; it is tried again`);
  const partitions = async (): Promise<void> => {
    await createPartitions(prisma, Date.now());
    const dropped = await dropOldPartitions(prisma, Date.now(), config.usageRetentionDays);
    if (dropped.length > 0) logger.info({ days: dropped }, 'Usage events older than the retention were dropped');
    await forgetOldSums(prisma, Date.now());
  };
  const forgetting = () => forgetOldRows(prisma, { nowMs: Date.now(), retentionDays: config.usageRetentionDays });
  return [
    new RepeatedTask(PARTITIONS_EVERY_MS, partitions, failed('The upkeep of partitions')),
    new RepeatedTask(FORGETTING_EVERY_MS, forgetting, failed('Forgetting old rows')),
    new RepeatedTask(
      HEARTBEATS_EVERY_MS,
      () => persistHeartbeats(prisma, redis, Date.now()),
      failed('Noting heartbeats'),
    ),
  ];
}
