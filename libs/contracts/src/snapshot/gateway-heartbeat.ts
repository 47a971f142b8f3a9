import { z } from 'zod';

/** What a gateway instance reports about itself every few seconds. */
export const GatewayHeartbeat = z
  .strictObject({
    instanceId: z.string().min(1).max(128),
    hostname: z.string().max(255),
    pid: z.int(),
    version: z.string().max(64),
    startedAt: z.iso.datetime(),
    sentAt: z.iso.datetime(),
    appliedRevision: z.int().min(0),
    appliedChecksum: z.string(),
    appliedAt: z.iso.datetime().nullable(),
    /** Why the newest revision was not applied, and which one it is. */
    refusal: z.strictObject({ revision: z.int(), reason: z.string().max(2000), at: z.iso.datetime() }).nullable(),
    /** Entities left out of the applied snapshot because they were invalid. */
    quarantined: z.array(z.strictObject({ kind: z.string(), name: z.string(), reason: z.string().max(500) })).max(100),
    inFlight: z.int().min(0),
    limiterDegraded: z.boolean(),
    spooledEvents: z.int().min(0),
    /** When the oldest usage event was recorded that no worker has committed; null when there is none. By a clock that never goes back. */
    oldestSpooledAt: z.iso.datetime().nullable(),
    /**
     * The last attempt of a worker to write ledgers back that the gateway has heard of, and when, by the same clock as
     * `oldestSpooledAt`. Told once Redis holds again what the gateway's requests and pledges hold.
     */
    ledgerReseed: z.strictObject({ token: z.string().min(1).max(64), heardAt: z.iso.datetime() }).nullable(),
    draining: z.boolean(),
  })
  .meta({ id: 'GatewayHeartbeat' });
export type GatewayHeartbeat = z.infer<typeof GatewayHeartbeat>;
