import { z } from 'zod';
import { GatewayHeartbeat } from '../snapshot/gateway-heartbeat.ts';

export const GatewayInstance = GatewayHeartbeat.extend({
  state: z.enum(['live', 'draining', 'lost']),
  /** Age of the last heartbeat. */
  stalenessMs: z.int(),
  /** Whether the newest revision is applied. */
  current: z.boolean(),
}).meta({ id: 'GatewayInstance' });
export type GatewayInstance = z.infer<typeof GatewayInstance>;

export const ConfigRevision = z
  .object({
    revision: z.int(),
    checksum: z.string(),
    createdAt: z.iso.datetime(),
    actor: z.string(),
    /** What made it: `create LlmProvider lab-vllm`, `rollback to 12`. */
    cause: z.string(),
    published: z.boolean(),
    bytes: z.int(),
  })
  .meta({ id: 'ConfigRevision' });
export type ConfigRevision = z.infer<typeof ConfigRevision>;

export const RollbackRequest = z.strictObject({ revision: z.int().min(1) }).meta({ id: 'RollbackRequest' });

/** One document that a rollback wrote. */
export const RolledBackDocument = z
  .object({
    kind: z.enum(['LlmProvider', 'LlmProxy', 'Organization', 'Quota', 'Team', 'VirtualKey']),
    name: z.string(),
    /** `created`: it was deleted since; `undeployed`: it did not serve then, so it stays but serves no longer. */
    change: z.enum(['created', 'changed', 'undeployed']),
  })
  .meta({ id: 'RolledBackDocument' });
export type RolledBackDocument = z.infer<typeof RolledBackDocument>;

/** The revision that a rollback made, and what it did to the documents. */
export const RollbackResult = ConfigRevision.extend({
  changes: z.array(RolledBackDocument),
  /** Names of providers that had a credential then and have none now: it has to be entered again. */
  withoutCredential: z.array(z.string()),
  /** The same of proxies, which showed one to a provider; absent: none. */
  proxiesWithoutCredential: z.array(z.string()).optional(),
}).meta({ id: 'RollbackResult' });
export type RollbackResult = z.infer<typeof RollbackResult>;

export const AuditEvent = z
  .object({
    id: z.uuid(),
    occurredAt: z.iso.datetime(),
    actor: z.string(),
    actorKind: z.enum(['user', 'admin-token', 'system']),
    action: z.string(),
    resourceKind: z.string(),
    resourceName: z.string(),
    /** Documents with every secret replaced by a fingerprint. */
    before: z.json().nullable(),
    after: z.json().nullable(),
    requestId: z.string(),
    address: z.string(),
  })
  .meta({ id: 'AuditEvent' });
export type AuditEvent = z.infer<typeof AuditEvent>;

export const ProviderTest = z
  .object({
    ok: z.boolean(),
    /** What failed, in words for the admin; null when it worked. */
    reason: z.string().nullable(),
    code: z.enum(['ok', 'unreachable', 'timeout', 'unauthorized', 'not_allowed', 'tls', 'dns', 'unexpected_answer']),
    status: z.int().nullable(),
    durationMs: z.number(),
    models: z.array(z.string()),
  })
  .meta({ id: 'ProviderTest' });
export type ProviderTest = z.infer<typeof ProviderTest>;

export const LimitStatus = z
  .object({
    subject: z.string(),
    quota: z.string(),
    unit: z.string(),
    window: z.string().nullable(),
    max: z.int(),
    used: z.int(),
    remaining: z.int(),
    resetsAt: z.iso.datetime().nullable(),
    mode: z.enum(['enforce', 'shadow']),
    alignment: z.enum(['calendar', 'rolling']).nullable(),
  })
  .meta({ id: 'LimitStatus' });
export type LimitStatus = z.infer<typeof LimitStatus>;

/** What the operator has set in the environment, for the console to show. */
export const Settings = z
  .object({
    /** Where callers reach the gateways; null when the operator does not say. */
    gatewayUrl: z.string().nullable(),
    publicUrl: z.string().nullable(),
    usageRetentionDays: z.int(),
    /** IANA name of the zone in which the organization's days begin. */
    timeZone: z.string().optional(),
  })
  .meta({ id: 'Settings' });
export type Settings = z.infer<typeof Settings>;
