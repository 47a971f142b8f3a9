import { Inject, Injectable } from '@nestjs/common';
import { readHeartbeats } from '@penstock/config-sync';
import { GatewayHeartbeat, type GatewayInstance } from '@penstock/contracts';
import { CLOCK, type Clock } from '../config/config.module.ts';
import { RevisionStore } from '../config-revisions/revision-store.ts';
import { PrismaService } from '../prisma/prisma.service.ts';
import { RedisService } from '../redis/redis.service.ts';
import { AppLogger } from '../telemetry/app-logger.ts';
import { toGatewayInstance } from './gateway-instance.mapper.ts';

/** Instances that were last heard of longer ago are no longer shown. */
const SHOWN_FOR_MS = 3_600_000;

/** Gateways: the living ones from Redis, those that fell silent from what the worker wrote down. */
@Injectable()
export class GatewayInstancesService {
  constructor(
    private readonly prisma: PrismaService,
    private readonly redis: RedisService,
    private readonly logger: AppLogger,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async list(revisions: RevisionStore): Promise<GatewayInstance[]> {
    const now = this.clock();
    const [living, stored, newest] = await Promise.all([
      this.#living(),
      this.#stored(new Date(now - SHOWN_FOR_MS)),
      revisions.newest(this.prisma.client),
    ]);
    const latest = new Map([...stored, ...living].map((heartbeat) => [heartbeat.instanceId, heartbeat]));
    return [...latest.values()]
      .map((heartbeat) => toGatewayInstance(heartbeat, newest, now))
      .sort((left, right) => (left.instanceId < right.instanceId ? -1 : 1));
  }

  /** Empty while Redis is away: then what is stored is all that is known. */
  async #living(): Promise<readonly GatewayHeartbeat[]> {
    try {
      return await readHeartbeats(this.redis.client);
    } catch (error) {
      this.logger.warn('The heartbeats of the gateways could not be read', { err: error });
      return [];
    }
  }

  async #stored(since: Date): Promise<readonly GatewayHeartbeat[]> {
    const rows = await this.prisma.client.gatewayInstance.findMany({ where: { lastHeartbeatAt: { gte: since } } });
    return rows.flatMap(({ heartbeat }) => {
      const parsed = GatewayHeartbeat.safeParse(heartbeat);
      return parsed.success ? [parsed.data] : [];
    });
  }
}
