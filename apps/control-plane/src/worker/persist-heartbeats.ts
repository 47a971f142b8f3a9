import { readHeartbeats } from '@penstock/config-sync';
import type { Redis } from 'ioredis';
import { DEFAULT_ORGANIZATION_ID } from '../common/organization.ts';
import type { PrismaClient } from '../prisma/generated/client.ts';

const FORGET_AFTER_MS = 7 * 86_400_000;

/** Writes down what the gateways last said, so that those that fall silent are not forgotten at once. */
export async function persistHeartbeats(client: PrismaClient, redis: Redis, nowMs: number): Promise<void> {
  for (const heartbeat of await readHeartbeats(redis)) {
    const lastHeartbeatAt = new Date(heartbeat.sentAt);
    await client.gatewayInstance.upsert({
      where: { id: heartbeat.instanceId },
      create: { id: heartbeat.instanceId, organizationId: DEFAULT_ORGANIZATION_ID, lastHeartbeatAt, heartbeat },
      update: { lastHeartbeatAt, heartbeat },
    });
  }
  await client.gatewayInstance.deleteMany({ where: { lastHeartbeatAt: { lt: new Date(nowMs - FORGET_AFTER_MS) } } });
}
