/** Every name that Penstock uses in Redis, so that both planes and the operator's ACL agree. */
export const REDIS_PREFIX = 'penstock:';

export const redisNames = {
  /** String: the sealed snapshot (see `SnapshotEnvelope`). */
  snapshot: `${REDIS_PREFIX}config:snapshot`,
  /** Pub/sub channel that rings with `{revision, checksum}`; it carries no config. */
  doorbell: `${REDIS_PREFIX}config:doorbell`,
  /** Sorted set: gateway instance id → last heartbeat, epoch ms. */
  gatewayInstances: `${REDIS_PREFIX}gateways`,
  /** String with expiry: the instance's last heartbeat (see `GatewayHeartbeat`). */
  gatewayHeartbeat: (instanceId: string) => `${REDIS_PREFIX}gateway:${instanceId}`,
  /** Stream of usage events, one JSON document in field `event`. */
  usageStream: `${REDIS_PREFIX}usage`,
  usageConsumerGroup: 'workers',
  /** One hash tag for the limits of an organization, so that one script may touch all of them in Redis Cluster. */
  limit: (organizationId: string, subject: string, limitId: string) =>
    `${REDIS_PREFIX}limit:{${organizationId}}:${subject}:${limitId}`,
  reservation: (organizationId: string, reservationId: string) =>
    `${REDIS_PREFIX}reservation:{${organizationId}}:${reservationId}`,
} as const;
