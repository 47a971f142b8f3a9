/** Every name that Penstock uses in Redis, so that both planes and the operator's ACL agree. */
export const REDIS_PREFIX = 'penstock:';

/** Begins the name of an attempt that only waits for gateways to come back: no ledger is read in it. */
export const ARRIVAL_PREFIX = 'arrival-';

export const redisNames = {
  /** String: the sealed snapshot (see `SnapshotEnvelope`). */
  snapshot: `${REDIS_PREFIX}config:snapshot`,
  /** Pub/sub channel that rings with `{revision, checksum}`; it carries no config. */
  doorbell: `${REDIS_PREFIX}config:doorbell`,
  /** Sorted set: gateway instance id → last heartbeat, epoch ms. */
  gatewayInstances: `${REDIS_PREFIX}gateways`,
  /** String with expiry: the instance's last heartbeat (see `GatewayHeartbeat`). */
  gatewayHeartbeat: (instanceId: string) => `${REDIS_PREFIX}gateway:${instanceId}`,
  /** String: the sums of a virtual key (see `KeyUsage`), written by the worker. */
  keyUsage: (virtualKeyId: string) => `${REDIS_PREFIX}key-usage:${virtualKeyId}`,
  /** String with expiry: an answer that a policy keeps, by a hash of everything that makes it. */
  cachedAnswer: (hash: string) => `${REDIS_PREFIX}answer:${hash}`,
  /** List with expiry: vectors of what was answered in a scope, the newest first. */
  similarVectors: (scope: string) => `${REDIS_PREFIX}similar:{${scope}}`,
  /** String with expiry: one of these answers. */
  similarAnswer: (scope: string, id: string) => `${REDIS_PREFIX}similar:{${scope}}:${id}`,
  /** Stream of usage events; the field `event` of an entry holds some of them, one JSON document in each line. */
  usageStream: `${REDIS_PREFIX}{usage}`,
  usageConsumerGroup: 'workers',
  /** String: a random name of this stream's life; when it changes or is gone, Redis lost data and gateways ship again. */
  usageEpoch: `${REDIS_PREFIX}{usage}:epoch`,
  /** Stream of what a worker could not read as a usage event; bounded, for a human to look at. */
  usageDeadLetters: `${REDIS_PREFIX}{usage}:dead-letters`,
  /** One hash tag for the limits of an organization, so that one script may touch all of them in Redis Cluster. */
  limit: (organizationId: string, subject: string, limitId: string) =>
    `${REDIS_PREFIX}limit:{${organizationId}}:${subject}:${limitId}`,
  /** String: there while the ledgers of an organization are complete; gone with them when Redis loses its data. */
  ledgersSeeded: (organizationId: string) => `${REDIS_PREFIX}limit:{${organizationId}}:seeded`,
  /** String with expiry: names the attempt of a worker to write this organization's ledgers back. */
  ledgerReseedOf: (organizationId: string) => `${REDIS_PREFIX}limit:{${organizationId}}:reseed`,
  /** String with expiry: there while a worker writes ledgers back; gateways answer its value in their heartbeats. */
  ledgerReseed: `${REDIS_PREFIX}ledger-reseed`,
  /** String with expiry that a gateway writes to learn whether a lost Redis takes writes again. */
  limiterProbe: `${REDIS_PREFIX}limiter-probe`,
  reservation: (organizationId: string, reservationId: string) =>
    `${REDIS_PREFIX}reservation:{${organizationId}}:${reservationId}`,
} as const;
