import { z } from 'zod';
import { Dialect } from '../dialect.ts';
import { ValueLocation } from '../resources/llm-provider-template.ts';
import { MatchedModelProfile, ModelProfileOverrides } from '../resources/model-profile.ts';
import { Limit } from '../resources/quota.ts';
import { PriceTiers, tokenPriceFields } from '../resources/token-prices.ts';

/** Milliseconds; 0 switches a timeout off. */
const TimeoutMs = z.int().min(0).max(86_400_000);

/** Quotas are resolved at build time: one entry for each limit of each attached quota. */
export const SnapshotLimit = z.strictObject({
  quota: z.string(),
  /** `<quota>/<unit>/<window>`: stable while max and burst change, so that counters survive an edit. */
  id: z.string().max(400),
  limit: Limit,
});
export type SnapshotLimit = z.infer<typeof SnapshotLimit>;

export const SnapshotPrice = z.strictObject({
  version: z.string().max(128),
  ...tokenPriceFields,
  tiers: PriceTiers.optional(),
  /** ISO 8601; the last price whose time has come holds. */
  effectiveFrom: z.iso.datetime().nullable(),
});
export type SnapshotPrice = z.infer<typeof SnapshotPrice>;

export const SnapshotModel = z.strictObject({
  id: z.string(),
  upstreamModel: z.string(),
  /** Laid over the provider's. */
  profile: ModelProfileOverrides.default({}),
  limits: z.array(SnapshotLimit).default([]),
});
export type SnapshotModel = z.infer<typeof SnapshotModel>;

/** One policy of a proxy or a provider, under its own name; in the order in which they run. */
export const SnapshotPolicy = z.strictObject({
  name: z.string(),
  condition: z.string().nullable(),
  /** As documents write them; the gateway reads them by the catalogue. */
  params: z.record(z.string(), z.json()),
  /** Null: everything that the proxy serves. */
  paths: z
    .array(z.strictObject({ path: z.string(), methods: z.array(z.string()), params: z.record(z.string(), z.json()) }))
    .nullable(),
});
export type SnapshotPolicy = z.infer<typeof SnapshotPolicy>;

/** What a provider lets through, by its own paths; as AccessControl. */
export const SnapshotAccessControl = z.strictObject({
  mode: z.enum(['allow_all', 'deny_all']),
  exceptions: z.array(z.strictObject({ path: z.string(), methods: z.array(z.string()) })),
});
export type SnapshotAccessControl = z.infer<typeof SnapshotAccessControl>;

const tokenPlaces = {
  promptTokens: ValueLocation.optional(),
  completionTokens: ValueLocation.optional(),
  totalTokens: ValueLocation.optional(),
};

/** Where answers count their tokens, by the template. */
export const SnapshotExtraction = z.strictObject({
  ...tokenPlaces,
  resourceMappings: z
    .strictObject({ resources: z.array(z.strictObject({ resource: z.string(), ...tokenPlaces })) })
    .optional(),
});
export type SnapshotExtraction = z.infer<typeof SnapshotExtraction>;

export const SnapshotProvider = z.strictObject({
  id: z.uuid(),
  name: z.string(),
  organizationId: z.uuid(),
  template: z.string(),
  dialect: Dialect,
  baseUrl: z.string(),
  /** All servers that stand for each other, `baseUrl` among them; absent: only that one. */
  upstreams: z
    .array(z.strictObject({ baseUrl: z.string(), weight: z.int().min(0) }))
    .min(1)
    .optional(),
  /** Absent: the upstream's. */
  hostRewrite: z.enum(['auto', 'manual']).optional(),
  /** Where it is reached without a proxy; absent: nowhere. */
  context: z.string().optional(),
  vhost: z.string().optional(),
  /** Absent: everything is let through. */
  accessControl: SnapshotAccessControl.optional(),
  /** Run behind those of the proxy, by the provider's own paths. */
  policies: z.array(SnapshotPolicy).optional(),
  /** Of the vendor's API, for vendors that want one in the query (Azure OpenAI). */
  apiVersion: z.string().nullable().default(null),
  /** The header value is sealed with the credential cipher; only a gateway opens it. */
  auth: z.strictObject({ header: z.string(), sealedValue: z.string() }).nullable(),
  timeouts: z.strictObject({ connectMs: TimeoutMs, firstByteMs: TimeoutMs, idleMs: TimeoutMs, totalMs: TimeoutMs }),
  maxConnections: z.int().min(1),
  /** Of the template, laid over the dialect's defaults. */
  profile: ModelProfileOverrides.default({}),
  modelProfiles: z.array(MatchedModelProfile).default([]),
  /** Absent: where the dialect has it. */
  extraction: SnapshotExtraction.optional(),
  /** Null: any model is accepted under the caller's name. */
  models: z.array(SnapshotModel).nullable(),
  /** Prices by model id, oldest first. */
  prices: z.record(z.string(), z.array(SnapshotPrice)),
  limits: z.array(SnapshotLimit),
});
export type SnapshotProvider = z.infer<typeof SnapshotProvider>;

export const SnapshotTarget = z.strictObject({
  providerId: z.uuid(),
  model: z.string(),
  weight: z.int().min(0),
  priority: z.int().min(0),
});
export type SnapshotTarget = z.infer<typeof SnapshotTarget>;

export const SnapshotProxy = z.strictObject({
  id: z.uuid(),
  name: z.string(),
  organizationId: z.uuid(),
  context: z.string(),
  /** Absent: all hosts. */
  vhost: z.string().optional(),
  authentication: z.enum(['virtual-key', 'none']),
  /** The primary first; `alias` is what `x-provider` and `provider/model` name. */
  providers: z
    .array(
      z.strictObject({
        providerId: z.uuid(),
        alias: z.string(),
        /** What the provider's policies ask of those who call it, sealed for the provider's id; never sent to the vendor. */
        auth: z.strictObject({ header: z.string(), sealedValue: z.string() }).optional(),
      }),
    )
    .min(1),
  /** Bounds beside those of its providers; the tighter one holds. */
  timeouts: z.strictObject({ idleMs: TimeoutMs.optional(), totalMs: TimeoutMs.optional() }).optional(),
  models: z.array(z.strictObject({ name: z.string(), targets: z.array(SnapshotTarget).min(1) })),
  unsupportedParameters: z.enum(['lenient', 'strict']).default('lenient'),
  policies: z.array(SnapshotPolicy).default([]),
  limits: z.array(SnapshotLimit),
});
export type SnapshotProxy = z.infer<typeof SnapshotProxy>;

export const SnapshotOrganization = z.strictObject({
  id: z.uuid(),
  name: z.string(),
  /** In which its days, weeks and months begin. */
  timeZone: z.string(),
  /** What all of its requests share. */
  limits: z.array(SnapshotLimit),
  /** A worker writes ledgers back that Redis lost: until it says that it has, a ledger that is missing is not known to be empty. */
  reseeded: z.boolean().default(false),
});
export type SnapshotOrganization = z.infer<typeof SnapshotOrganization>;

export const SnapshotTeam = z.strictObject({
  id: z.uuid(),
  name: z.string(),
  organizationId: z.uuid(),
  suspended: z.boolean(),
  limits: z.array(SnapshotLimit),
  /** What each key of the team has for itself. */
  keyLimits: z.array(SnapshotLimit).default([]),
});
export type SnapshotTeam = z.infer<typeof SnapshotTeam>;

export const SnapshotVirtualKey = z.strictObject({
  id: z.uuid(),
  name: z.string(),
  organizationId: z.uuid(),
  teamId: z.uuid(),
  /** Keyed hashes (base64url) of the secrets that open it: the current one, and the previous one in its grace period. */
  secrets: z
    .array(z.strictObject({ hash: z.string(), expiresAt: z.iso.datetime().nullable() }))
    .min(1)
    .max(2),
  /** Names of the proxies that it opens, `*` for all; an empty list opens none: API keys of providers have one. */
  proxies: z.array(z.string()),
  /** Names of the providers that it opens without a proxy; absent: none. `*` in `proxies` opens no provider. */
  providers: z.array(z.string()).optional(),
  models: z.array(z.string()),
  expiresAt: z.iso.datetime().nullable(),
  ipAllowList: z.array(z.string()),
  limits: z.array(SnapshotLimit),
});
export type SnapshotVirtualKey = z.infer<typeof SnapshotVirtualKey>;

/** A named secret that a provider refers to. */
export const SnapshotSecret = z.strictObject({
  id: z.uuid(),
  organizationId: z.uuid(),
  name: z.string(),
  /** Sealed with the credential cipher; only a gateway opens it. */
  sealedValue: z.string(),
});
export type SnapshotSecret = z.infer<typeof SnapshotSecret>;

/** Version of this format; a gateway refuses one that it does not know. */
export const SNAPSHOT_SCHEMA_VERSION = 1;

/**
 * The frame of a snapshot. Entities are validated one by one, so that a bad one can be quarantined
 * and the rest still served: see `SnapshotOrganization`, `SnapshotProvider`, `SnapshotProxy`, `SnapshotTeam`, `SnapshotVirtualKey`.
 */
export const SnapshotFrame = z.strictObject({
  schemaVersion: z.literal(SNAPSHOT_SCHEMA_VERSION),
  revision: z.int().min(1),
  publishedAt: z.iso.datetime(),
  organizations: z.array(z.unknown()).default([]),
  providers: z.array(z.unknown()),
  proxies: z.array(z.unknown()),
  teams: z.array(z.unknown()),
  virtualKeys: z.array(z.unknown()),
  secrets: z.array(z.unknown()).default([]),
});

/** Everything the data plane needs to serve traffic; immutable, replaced whole. */
export interface ConfigSnapshot {
  readonly schemaVersion: typeof SNAPSHOT_SCHEMA_VERSION;
  readonly revision: number;
  readonly publishedAt: string;
  readonly organizations: readonly SnapshotOrganization[];
  readonly providers: readonly SnapshotProvider[];
  readonly proxies: readonly SnapshotProxy[];
  readonly teams: readonly SnapshotTeam[];
  readonly virtualKeys: readonly SnapshotVirtualKey[];
  /** Those that are referred to; left out where there are none, as in revisions of earlier releases. */
  readonly secrets?: readonly SnapshotSecret[];
}

/** What lies in Redis, in the last-known-good file and behind `/internal/v1/snapshot`. */
export const SnapshotEnvelope = z.strictObject({
  revision: z.int().min(1),
  /** SHA-256 of `body`, hexadecimal. */
  checksum: z.string().length(64),
  /** HMAC-SHA256 of `<revision>.<checksum>` under the snapshot key, base64url. */
  signature: z.string(),
  /** The snapshot as JSON text. */
  body: z.string(),
});
export type SnapshotEnvelope = z.infer<typeof SnapshotEnvelope>;

/** What the doorbell says. */
export const Doorbell = z.object({ revision: z.int().min(1), checksum: z.string() });
export type Doorbell = z.infer<typeof Doorbell>;
