import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { PrismaPg } from '@prisma/adapter-pg';
import { CONFIG } from '../config/config.module.ts';
import type { ControlPlaneConfig } from '../config/env.ts';
import { type Prisma, PrismaClient } from './generated/client.ts';

/** The client inside of a transaction. */
export type Transaction = Prisma.TransactionClient;

const STATEMENT_TIMEOUT_MS = 30_000;
const CONNECT_TIMEOUT_MS = 5_000;

/** Sums over thousands of groups stay in memory; compiling a report's plan takes longer than running it. */
const SETTINGS = '-c work_mem=16MB -c jit=off';

/** The one database client; it connects when it is first used. */
@Injectable()
export class PrismaService implements OnApplicationShutdown {
  readonly client: PrismaClient;

  constructor(@Inject(CONFIG) config: ControlPlaneConfig) {
    this.client = createPrismaClient(config.databaseUrl);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.client.$disconnect();
  }
}

/** A client for the database at `url`; it connects when it is first used. */
export function createPrismaClient(url: string): PrismaClient {
  const adapter = new PrismaPg({
    connectionString: url,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    options: SETTINGS,
  });
  // Minimal: the other formats quote the arguments of a failed call, and those end up in logs.
  return new PrismaClient({ adapter, errorFormat: 'minimal' });
}
