import { Inject, Injectable } from '@nestjs/common';
import type { Reconciliation } from '@penstock/contracts';
import { AdminError } from '../common/admin-error.ts';
import type { Actor } from '../common/actor.ts';
import { CONFIG } from '../config/config.module.ts';
import type { ControlPlaneConfig } from '../config/env.ts';
import { RedisLedgerStore } from '../ledgers/redis-ledger-store.ts';
import { RedisService } from '../redis/redis.service.ts';
import { ResourceTools } from '../resources/resource-tools.ts';
import { AppLogger } from '../telemetry/app-logger.ts';
import { latestReconciliation, reconcile } from './reconcile.ts';

/** Whether usage adds up, as the worker finds out every few minutes and an admin may ask at once. */
@Injectable()
export class ReconciliationService {
  constructor(
    private readonly tools: ResourceTools,
    private readonly redis: RedisService,
    private readonly logger: AppLogger,
    @Inject(CONFIG) private readonly config: ControlPlaneConfig,
  ) {}

  /** Throws the 404 before the first run. */
  async latest({ organizationId }: Actor): Promise<Reconciliation> {
    const latest = await latestReconciliation(this.tools.prisma.client, organizationId);
    if (!latest)
      throw new AdminError('not_found', 'Usage was not reconciled yet; the worker does so every few minutes.');
    return latest;
  }

  /** Throws the 409 while another run is under way, and the 503 when Redis or Postgres cannot be asked. */
  async run({ organizationId }: Actor): Promise<Reconciliation> {
    const result = await reconcile(organizationId, {
      client: this.tools.prisma.client,
      store: new RedisLedgerStore(this.redis.client),
      logger: { warn: (details, message) => this.logger.warn(message, details) },
      retentionDays: this.config.usageRetentionDays,
      now: this.tools.clock,
    });
    if (!result) throw new AdminError('conflict', 'Usage is just being reconciled.');
    return result;
  }
}
