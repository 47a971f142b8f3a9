import type { DerivedKeys } from '@penstock/secrets';
import type { Logger, MetricsRegistry } from '@penstock/telemetry';
import type { Redis } from 'ioredis';
import type { ControlPlaneConfig } from '../config/env.ts';
import type { LedgerStore } from '../ledgers/ledger-store.ts';
import type { PrismaClient } from '../prisma/generated/client.ts';

/** What the parts of a worker work with. */
export interface WorkerParts {
  readonly config: ControlPlaneConfig;
  readonly logger: Logger;
  readonly prisma: PrismaClient;
  readonly redis: Redis;
  readonly metrics: MetricsRegistry;
  readonly keys: DerivedKeys;
  readonly ledgers: LedgerStore;
}
