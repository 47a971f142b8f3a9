import { deriveKeys } from '@penstock/secrets';
import { type Logger, MetricsRegistry } from '@penstock/telemetry';
import type { ControlPlaneConfig } from '../config/env.ts';
import { RedisLedgerStore } from '../ledgers/redis-ledger-store.ts';
import { startOperationsServer, stopOperationsServer } from '../operations/operations-server.ts';
import { unreachable } from '../operations/readiness.ts';
import { createPrismaClient } from '../prisma/prisma.service.ts';
import { createPatientRedis } from '../redis/patient-redis.ts';
import { KeyUsageWriter } from '../usage/key-usage-writer.ts';
import { noteLastUse } from '../usage/usage-store.ts';
import { alertTasks } from './alert-tasks.ts';
import { housekeepingTasks } from './housekeeping-tasks.ts';
import { ledgerTasks } from './ledger-tasks.ts';
import { createUsageConsumer } from './usage-consumer.ts';
import type { UsageListener } from './usage-listener.ts';
import type { WorkerParts } from './worker-parts.ts';

/** A running worker. */
export interface Worker {
  /** Lets what is under way finish, then closes everything. */
  stop(): Promise<void>;
}

/**
 * Starts to bring usage to the database, to watch over limits and to keep house. Postgres and Redis may be down: it waits for
 * them. Any number of workers may run at once.
 */
export async function startWorker(given: {
  readonly config: ControlPlaneConfig;
  readonly logger: Logger;
}): Promise<Worker> {
  const parts = createParts(given);
  const { config, logger, metrics, redis, prisma } = parts;
  const alerts = alertTasks(parts);
  const keyUsage = createKeyUsageWriter(parts);
  const consumer = createUsageConsumer(parts, [...usageListeners(parts), alerts.listener, keyUsage]);
  const tasks = [...housekeepingTasks(parts), ...alerts.tasks, ...ledgerTasks(parts)];
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
      await keyUsage.stop();
      await stopOperationsServer(server);
      redis.disconnect();
      await prisma.$disconnect();
    },
  };
}

function createParts({ config, logger }: Pick<WorkerParts, 'config' | 'logger'>): WorkerParts {
  const redis = createPatientRedis(config.redisUrl, logger);
  return {
    config,
    logger,
    redis,
    metrics: new MetricsRegistry({ processMetrics: true }),
    prisma: createPrismaClient(config.databaseUrl),
    keys: deriveKeys(config.masterKey),
    ledgers: new RedisLedgerStore(redis),
  };
}

/** What else is told of stored usage; see {@link UsageListener}. */
function usageListeners({ prisma }: WorkerParts): readonly UsageListener[] {
  return [{ name: 'last use of keys', committed: (events) => noteLastUse(prisma, events) }];
}

function createKeyUsageWriter({ prisma, redis, logger }: WorkerParts): KeyUsageWriter {
  const onError = (error: unknown): void =>
    logger.warn({ err: error }, 'The usage of keys was not written; it is tried again');
  return new KeyUsageWriter({ prisma, redis, clock: Date.now, onError });
}

async function problemsOf({ prisma, redis }: WorkerParts): Promise<string[]> {
  const down = await unreachable(prisma, redis);
  return [...(down.postgres ? ['postgres'] : []), ...(down.redis ? ['redis'] : [])];
}
