import { z } from 'zod';

/** Versions of the document format that are accepted; the first is the one that is written. */
export const API_VERSIONS = [
  'penstock.dev/v1',
  'gateway.api-platform.wso2.com/v1',
  'gateway.api-platform.wso2.com/v1alpha1',
] as const;

export const ApiVersion = z.enum(API_VERSIONS);

const NAME_PATTERN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

/** The handle of a resource; `missing` is said where there is none. */
export function requiredName(missing?: string) {
  const error = (issue: { readonly input?: unknown }): string | undefined =>
    issue.input === undefined || issue.input === '' ? missing : undefined;
  return z
    .string({ error })
    .min(1, { error, abort: true })
    .max(253)
    .regex(
      NAME_PATTERN,
      "must consist of lower case letters, digits, '-' and '.', and start and end with a letter or digit",
    );
}

/** The handle of a resource, as Kubernetes names a resource (RFC 1123 subdomain). */
export const ResourceName = requiredName();

const Label = z.string().max(253);
const LabelKey = z.string().min(1).max(253).regex(/^\S+$/, 'must contain no spaces');

export const Metadata = z
  .strictObject({
    name: ResourceName,
    labels: z.record(LabelKey, Label).default({}),
    annotations: z.record(LabelKey, z.string().max(4096)).default({}),
  })
  .meta({ id: 'Metadata' });
export type Metadata = z.infer<typeof Metadata>;

/** Read-only part of a document; a client's `status` is ignored. */
export const ResourceStatus = z
  .looseObject({
    id: z.string(),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: 'ResourceStatus' });
export type ResourceStatus = z.infer<typeof ResourceStatus>;

/**
 * The document of one kind as it is written: `{apiVersion, kind, metadata, spec}`.
 * `apiVersion` and `kind` may be left out, a `status` is dropped.
 */
export function manifestOf<Kind extends string, Spec extends z.ZodType>(kind: Kind, spec: Spec) {
  return z
    .strictObject({
      apiVersion: ApiVersion.default('penstock.dev/v1'),
      kind: z.literal(kind, { error: `Kind must be '${kind}'` }).default(kind as never),
      metadata: Metadata,
      spec,
      status: z.unknown().optional(),
    })
    .meta({ id: `${kind}Manifest` });
}

/** The document of one kind as it is read: with its status. */
export function resourceOf<Kind extends string, Spec extends z.ZodType, Status extends z.ZodType>(
  kind: Kind,
  spec: Spec,
  status: Status,
) {
  return z
    .object({ apiVersion: z.literal('penstock.dev/v1'), kind: z.literal(kind), metadata: Metadata, spec, status })
    .meta({ id: kind });
}
