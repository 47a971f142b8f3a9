import { Inject, Injectable } from '@nestjs/common';
import type { ExplainRequest, ExplainResult, LlmProxySpec, VirtualKeySpec } from '@penstock/contracts';
import { type ApplicableLimit, type LimitReading, readLimitStatuses } from '@penstock/rate-limiting';
import type { Actor } from '../common/actor.ts';
import { AdminError } from '../common/admin-error.ts';
import { CLOCK, type Clock } from '../config/config.module.ts';
import { RevisionStore } from '../config-revisions/revision-store.ts';
import { PrismaService, type Transaction } from '../prisma/prisma.service.ts';
import { RedisService } from '../redis/redis.service.ts';
import type { StoredKey } from './explain-key.ts';
import { explainRequest } from './explain-request.ts';
import { WrittenProxy } from './written-proxy.ts';

/** One view of the database for all that a request is explained by. */
const TRANSACTION = { isolationLevel: 'RepeatableRead', maxWait: 10_000, timeout: 30_000 } as const;

/** Says what gateways would do with a request. Reads only. */
@Injectable()
export class ExplainService {
  constructor(
    private readonly prisma: PrismaService,
    private readonly revisions: RevisionStore,
    private readonly redis: RedisService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Throws the 404 of a virtual key that does not exist. */
  async explain({ organizationId }: Actor, request: ExplainRequest): Promise<ExplainResult> {
    return this.prisma.client.$transaction(async (transaction) => {
      const { virtualKey } = request;
      return explainRequest(request, {
        snapshot: await this.revisions.buildCurrent(transaction),
        organizationId,
        key: virtualKey === undefined ? null : await storedKey(transaction, organizationId, virtualKey),
        now: this.clock(),
        writtenProxy: async (name) => writtenProxy(transaction, organizationId, name),
        readLimits: async (limits) => this.#readings(limits),
      });
    }, TRANSACTION);
  }

  /** Null: Redis does not answer, which the explanation says. */
  async #readings(limits: readonly ApplicableLimit[]): Promise<readonly LimitReading[] | null> {
    try {
      return await readLimitStatuses(this.redis.client, limits);
    } catch {
      return null;
    }
  }
}

async function storedKey(transaction: Transaction, organizationId: string, name: string): Promise<StoredKey> {
  const row = await transaction.virtualKey.findFirst({
    where: { organizationId, name },
    select: { id: true, teamId: true, spec: true, revokedAt: true, team: { select: { name: true } } },
  });
  if (!row) throw new AdminError('not_found', `There is no VirtualKey named '${name}'.`);
  // Only documents that their schema has accepted are stored.
  const { enabled, expiresAt } = row.spec as VirtualKeySpec;
  const { id, teamId, revokedAt, team } = row;
  return { id, name, teamId, teamName: team.name, enabled, revokedAt, expiresAt };
}

async function writtenProxy(transaction: Transaction, organizationId: string, name: string): Promise<WrittenProxy> {
  const row = await transaction.llmProxy.findFirst({
    where: { organizationId, name },
    select: { spec: true, providers: { select: { alias: true, provider: { select: { name: true, spec: true } } } } },
  });
  const providers = row?.providers ?? [];
  const names = new Map(providers.map(({ alias, provider }) => [alias, provider.name]));
  const deployed = providers.filter(
    ({ provider }) => (provider.spec as { deploymentState?: string }).deploymentState !== 'undeployed',
  );
  return new WrittenProxy(
    (row?.spec as Partial<LlmProxySpec> | undefined)?.models ?? [],
    names,
    new Set(deployed.map(({ alias }) => alias)),
  );
}
