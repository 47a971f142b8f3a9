import { z } from 'zod';
import { AlertChannelManifest } from '../resources/alert-channel.ts';
import { ApiKeyManifest } from '../resources/api-key.ts';
import { LlmProviderManifest } from '../resources/llm-provider.ts';
import { LlmProviderTemplateManifest } from '../resources/llm-provider-template.ts';
import { LlmProxyManifest } from '../resources/llm-proxy.ts';
import { ResourceName } from '../resources/metadata.ts';
import { ModelPriceManifest } from '../resources/model-price.ts';
import { OrganizationManifest } from '../resources/organization.ts';
import { QuotaManifest } from '../resources/quota.ts';
import { SecretManifest } from '../resources/secret.ts';
import { TeamManifest } from '../resources/team.ts';
import { VirtualKeyManifest } from '../resources/virtual-key.ts';

/** The kinds of documents that manifests may hold. A kind refers only to kinds that stand before it, so this is the order of writing. */
export const ManifestKind = z
  .enum([
    'Quota',
    'Team',
    'Secret',
    'LlmProviderTemplate',
    'LlmProvider',
    'ModelPrice',
    'LlmProxy',
    'VirtualKey',
    'ApiKey',
    'Organization',
    'AlertChannel',
  ])
  .meta({ id: 'ManifestKind' });
export type ManifestKind = z.infer<typeof ManifestKind>;

/** The schema of each kind's documents. */
export const MANIFEST_SCHEMAS = {
  Quota: QuotaManifest,
  Team: TeamManifest,
  Secret: SecretManifest,
  LlmProviderTemplate: LlmProviderTemplateManifest,
  LlmProvider: LlmProviderManifest,
  ModelPrice: ModelPriceManifest,
  LlmProxy: LlmProxyManifest,
  VirtualKey: VirtualKeyManifest,
  ApiKey: ApiKeyManifest,
  Organization: OrganizationManifest,
  AlertChannel: AlertChannelManifest,
} as const satisfies Readonly<Record<ManifestKind, z.ZodType>>;

/** The label that says which set of manifests a document belongs to; what `--prune` deletes has it. */
export const MANAGED_BY_LABEL = 'penstock.dev/managed-by';

/** Documents that one apply may hold. */
export const MAX_MANIFESTS = 10_000;

/** A flag in a query: `?dryRun`, `?dryRun=true`, `?dryRun=false`. */
const Flag = z
  .enum(['true', 'false', ''], { error: "must be 'true' or 'false'" })
  .default('false')
  .transform((text) => text !== 'false');

export const ApplyQuery = z
  .object({
    /** Everything is checked and worked out, and nothing stays. */
    dryRun: Flag,
    /** Marks every document as this manager's. */
    managedBy: ResourceName.optional(),
    /** Deletes the manager's documents that are not in the set. */
    prune: Flag,
  })
  .refine(({ prune, managedBy }) => !prune || managedBy !== undefined, {
    path: ['prune'],
    error: 'needs managedBy: only what the manager made is deleted',
  })
  .meta({ id: 'ApplyQuery' });
export type ApplyQuery = z.infer<typeof ApplyQuery>;

export const ExportQuery = z
  .object({ kind: ManifestKind.optional(), name: ResourceName.optional() })
  .refine(({ kind, name }) => name === undefined || kind !== undefined, { path: ['name'], error: 'needs a kind' })
  .meta({ id: 'ExportQuery' });
export type ExportQuery = z.infer<typeof ExportQuery>;

/** One field that an apply gives another value. */
export const FieldChange = z
  .object({
    /** Path such as `spec.models[0].id`. */
    field: z.string(),
    /** Left out where there was nothing, and for secrets. */
    before: z.json().optional(),
    /** Left out where nothing is left, and for secrets. */
    after: z.json().optional(),
    /** It is a secret: its values are not told. */
    secret: z.literal(true).optional(),
  })
  .meta({ id: 'FieldChange' });
export type FieldChange = z.infer<typeof FieldChange>;

/** What became of one document. */
export const AppliedManifest = z
  .object({
    /** Place in what was sent, from 0; null for what was deleted. */
    index: z.int().nullable(),
    kind: ManifestKind,
    name: z.string(),
    result: z.enum(['created', 'changed', 'unchanged', 'deleted']),
    /** Of a changed document, its fields that differ; 200 at most. */
    changes: z.array(FieldChange),
    /** Secrets that were made for it, such as a virtual key's `key`; this answer is the only one that tells them. */
    revealed: z.record(z.string(), z.string()).optional(),
  })
  .meta({ id: 'AppliedManifest' });
export type AppliedManifest = z.infer<typeof AppliedManifest>;

export const ApplyResult = z
  .object({
    dryRun: z.boolean(),
    /** The config revision that it made; null where gateways see no change, and in a dry run. */
    revision: z.int().nullable(),
    /** In the order of the documents, deleted ones last. */
    items: z.array(AppliedManifest),
  })
  .meta({ id: 'ApplyResult' });
export type ApplyResult = z.infer<typeof ApplyResult>;

/** Documents as they can be applied again: without status and secrets. */
export const ManifestList = z
  .object({ items: z.array(z.looseObject({ kind: ManifestKind, metadata: z.looseObject({ name: z.string() }) })) })
  .meta({ id: 'ManifestList' });
export type ManifestList = z.infer<typeof ManifestList>;
