import { z } from 'zod';
import { manifestOf, ResourceName, ResourceStatus, resourceOf } from './metadata.ts';

/** Name of an API key among those of its proxy or provider. */
export const ApiKeyName = z
  .string()
  .min(3)
  .max(63)
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, "must consist of lower case letters, digits and single '-' between them");

/** Keys in force that one user may have for one API. */
export const MAX_API_KEYS = 10;

const ApiKeyValidity = z
  .strictObject({
    unit: z.enum(['seconds', 'minutes', 'hours', 'days', 'weeks', 'months']),
    duration: z.int().min(1).max(1_000_000_000),
  })
  .meta({ id: 'ApiKeyValidity' });
export type ApiKeyValidity = z.infer<typeof ApiKeyValidity>;

/** Where both are given, `expiresAt` holds. */
const expiry = {
  expiresIn: ApiKeyValidity.optional(),
  expiresAt: z.iso.datetime({ offset: true }).nullable().optional(),
};

/** A key that was made elsewhere; what callers can send as a bearer token. */
const ExternalKey = z
  .string()
  .min(36, 'must have at least 36 characters')
  .max(128, 'must have at most 128 characters')
  .regex(/^[\x21-\x7e]+$/, 'must be printable ASCII without spaces');

/** `POST .../api-keys`. */
export const CreateApiKey = z
  .strictObject({
    /** Made of the display name, or made up, where it is left out. */
    name: ApiKeyName.optional(),
    displayName: z.string().min(1).max(100).optional(),
    /** A key that was made elsewhere takes effect as it is; otherwise one is made here. */
    apiKey: ExternalKey.optional(),
    /** How lists show a key that was made elsewhere. */
    maskedApiKey: z.string().max(255).optional(),
    ...expiry,
    externalRefId: z.string().max(255).optional(),
    issuer: z.string().max(255).optional(),
  })
  .meta({ id: 'CreateApiKey' });
export type CreateApiKey = z.infer<typeof CreateApiKey>;

/** `PUT .../api-keys/{name}`. */
export const UpdateApiKey = CreateApiKey.required({ apiKey: true }).meta({ id: 'UpdateApiKey' });
export type UpdateApiKey = z.infer<typeof UpdateApiKey>;

/** `POST .../api-keys/{name}/regenerate`. */
export const RegenerateApiKey = z.strictObject(expiry).meta({ id: 'RegenerateApiKey' });
export type RegenerateApiKey = z.infer<typeof RegenerateApiKey>;

/** An API key as lists show it. */
export const ApiKey = z
  .object({
    name: z.string(),
    displayName: z.string(),
    /** The secret; only in the answer that makes it. */
    apiKey: z.string().optional(),
    maskedApiKey: z.string(),
    /** Name of the proxy or provider. */
    apiId: z.string(),
    status: z.enum(['active', 'revoked', 'expired']),
    createdAt: z.iso.datetime(),
    createdBy: z.string(),
    expiresAt: z.iso.datetime({ offset: true }).nullable(),
    source: z.enum(['local', 'external']),
    externalRefId: z.string().optional(),
    issuer: z.string().optional(),
  })
  .meta({ id: 'ListedApiKey' });
export type ApiKey = z.infer<typeof ApiKey>;

/** `POST .../api-keys` and what gives a key another secret. */
export const ApiKeyCreated = z
  .object({
    status: z.literal('success'),
    message: z.string(),
    /** Keys that the user may still have for this API. */
    remainingApiKeyQuota: z.int().optional(),
    apiKey: ApiKey,
  })
  .meta({ id: 'ApiKeyCreated' });
export type ApiKeyCreated = z.infer<typeof ApiKeyCreated>;

const ParentKind = z.enum(['LlmProvider', 'LlmProxy'], { error: "must be 'LlmProvider' or 'LlmProxy'" });

/**
 * An API key as a document. `apiKey` is write-only; where it is left out a key is made, and told only in the answer that makes
 * it. The time of `expiresIn` runs from the write that names it first.
 */
export const ApiKeySpec = z
  .strictObject({
    /** What the key opens, and goes with. */
    parentRef: z.strictObject({ kind: ParentKind, name: ResourceName }),
    displayName: z.string().min(1).max(100).optional(),
    apiKey: ExternalKey.optional(),
    maskedApiKey: z.string().max(255).optional(),
    ...expiry,
    externalRefId: z.string().max(255).optional(),
    issuer: z.string().max(255).optional(),
  })
  .refine(({ expiresIn, expiresAt }) => expiresIn === undefined || expiresAt === undefined, {
    path: ['expiresAt'],
    error: 'must not stand together with expiresIn',
  })
  .meta({ id: 'ApiKeySpec' });
export type ApiKeySpec = z.infer<typeof ApiKeySpec>;

export const ApiKeyStatus = ResourceStatus.extend({
  state: z.enum(['active', 'revoked', 'expired']),
  maskedApiKey: z.string(),
  /** The secret; only in the answer that makes it. */
  key: z.string().optional(),
  expiresAt: z.iso.datetime({ offset: true }).nullable(),
}).meta({ id: 'ApiKeyStatus' });

/** Names are those of API keys: see `ApiKeyName`. */
export const ApiKeyManifest = manifestOf('ApiKey', ApiKeySpec);
export type ApiKeyManifest = z.infer<typeof ApiKeyManifest>;
export const ApiKeyDocument = resourceOf('ApiKey', ApiKeySpec, ApiKeyStatus);
export type ApiKeyDocument = z.infer<typeof ApiKeyDocument>;
