import { hostname } from 'node:os';
import type { UsageEvent } from '@penstock/contracts';
import { type Logger, MetricsRegistry } from '@penstock/telemetry';
import { UsageStreamConsumer } from '@penstock/usage';
import type { Redis } from 'ioredis';
import type { ControlPlaneConfig } from '../config/env.ts';
import { startOperationsServer, stopOperationsServer } from '../operations/operations-server.ts';
import { unreachable } from '../operations/readiness.ts';
import type { PrismaClient } from '../prisma/generated/client.ts';
import { createPrismaClient } from '../prisma/prisma.service.ts';
import { createPatientRedis } from '../redis/patient-redis.ts';
import { noteLastUse, storeUsageEvents } from '../usage/usage-store.ts';
import { forgetOldRows } from './forget-old-rows.ts';
import { isPermanent } from './is-permanent.ts';
import { persistHeartbeats } from './persist-heartbeats.ts';
import { RepeatedTask } from './repeated-task.ts';
import { createPartitions, dropOldPartitions } from './usage-partitions.ts';

const PARTITIONS_EVERY_MS = 600_000;
const FORGETTING_EVERY_MS = 600_000;
const HEARTBEATS_EVERY_MS = 10_000;

interface WorkerParts {
  readonly config: ControlPlaneConfig;
  readonly logger: Logger;
  readonly prisma: PrismaClient;
  readonly redis: Redis;
  readonly metrics: MetricsRegistry;
}

/** A running worker. */
export interface Worker {
  /** Lets what is under way finish, then closes everything. */
  stop(): Promise<void>;
}

/** Starts to bring usage to the database and to keep house there. Postgres and Redis may be down: it waits for them. */
export async function startWorker({ config, logger }: Pick<WorkerParts, 'config' | 'logger'>): Promise<Worker> {
  const metrics = new MetricsRegistry({ processMetrics: true });
  const redis = createPatientRedis(config.redisUrl, logger);
  const parts: WorkerParts = { config, logger, metrics, redis, prisma: createPrismaClient(config.databaseUrl) };
  const consumer = createConsumer(parts);
  const tasks = createTasks(parts);
  const server = await startOperationsServer(config.workerOperations, {
    problems: () => problemsOf(parts),
    metrics: async () => ({ contentType: metrics.contentType, text: await metrics.text() }),
  });
  consumer.start();
  for (const task of tasks) task.start();
  logger.info({ operations: server.address() }, 'The worker is ready');
  return {
    async stop() {
      await Promise.all([consumer.stop(), ...tasks.map((task) => task.stop())]);
      await stopOperationsServer(server);
      redis.disconnect();
      await parts.prisma.$disconnect();
    },
  };
}

function createConsumer({ redis, prisma, logger, metrics }: WorkerParts): UsageStreamConsumer {
  const stored = metrics
    .counter('penstock_worker_usage_events_total', 'Usage events committed, repeated ones included')
    .with({});
  const poison = metrics
    .counter('penstock_worker_poison_events_total', 'Entries of the usage stream that could not be stored')
    .with({});
  const commit = async (events: UsageEvent[]): Promise<void> => {
    await storeUsageEvents(prisma, events);
    stored.inc(events.length);
    // The events are safe; when a key was last used is a convenience that must not hold them up.
    await noteLastUse(prisma, events).catch((error: unknown) => logger.warn({ err: error }, 'Last use was not noted'));
  };
  return new UsageStreamConsumer({
    redis,
    consumer: `worker-${hostname()}`,
    commit,
    isPermanent,
    clock: { now: () => Date.now() },
    blockMs: 1_000,
    onPoison({ streamId, reason }) {
      poison.inc();
      logger.error({ streamId, reason }, 'A usage event could not be stored; it lies in the dead-letter stream');
    },
    onError: (error) => logger.warn({ err: error }, 'Usage could not be consumed; it is tried again'),
  });
}

function createTasks({ config, logger, prisma, redis }: WorkerParts): readonly RepeatedTask[] {
  const failed = (what: string) => (error: unknown) => logger.warn({ err: error }, `${what} failed; it is tried again`);
  const partitions = async (): Promise<void> => {
    await createPartitions(prisma, Date.now());
    const dropped = await dropOldPartitions(prisma, Date.now(), config.usageRetentionDays);
    if (dropped.length > 0) logger.info({ days: dropped }, 'Usage events older than the retention were dropped');
  };
  return [
    new RepeatedTask(PARTITIONS_EVERY_MS, partitions, failed('The upkeep of partitions')),
    new RepeatedTask(FORGETTING_EVERY_MS, () => forgetOldRows(prisma, Date.now()), failed('Forgetting old rows')),
    new RepeatedTask(
      HEARTBEATS_EVERY_MS,
      () => persistHeartbeats(prisma, redis, Date.now()),
      failed('Noting heartbeats'),
    ),
  ];
}

async function problemsOf({ prisma, redis }: WorkerParts): Promise<string[]> {
  const down = await unreachable(prisma, redis);
  return [...(down.postgres ? ['postgres'] : []), ...(down.redis ? ['redis'] : [])];
}
