import { invalidField } from '../common/admin-error.ts';
import type { Transaction } from '../prisma/prisma.service.ts';

/** What quotas can be attached to. */
export type AttachmentSubject =
  | { readonly subjectOrganizationId: string }
  | { readonly teamId: string }
  | { readonly virtualKeyId: string }
  | { readonly proxyId: string }
  | { readonly providerId: string };

/** The part of its subject that a quota is for; the whole subject where it says nothing. */
export interface AttachmentPart {
  /** Of a provider: this model of it. */
  readonly modelId?: string;
  /** Of a team: each of its keys for itself. */
  readonly eachKey?: true;
}

/** One field of a spec that names quotas. */
export interface QuotaField {
  /** Path such as `spec.models[2].quotas`. */
  readonly field: string;
  readonly names: readonly string[];
  readonly part?: AttachmentPart;
}

/** One quota as it gets attached. */
export type ResolvedQuota = AttachmentPart & { readonly quotaId: string };

/** How many quotas one document may name in all; a provider of many models could name more than a write should carry. */
const MAX_REFERENCES = 5_000;
/** Rows of one INSERT. */
const INSERTED_AT_ONCE = 1_000;

/** The field that a spec with quotas for the whole of it has. */
export function ownQuotas({ quotas }: { readonly quotas: readonly string[] }): QuotaField {
  return { field: 'spec.quotas', names: quotas };
}

/** The quotas that the fields name, in that order. Throws the 400 that names the first one that is unknown or stands twice. */
export async function resolveQuotas(
  transaction: Transaction,
  organizationId: string,
  fields: readonly QuotaField[],
): Promise<readonly ResolvedQuota[]> {
  const names = fields.flatMap((field) => field.names);
  if (names.length === 0) return [];
  if (names.length > MAX_REFERENCES) throw invalidField('spec', `names more than ${MAX_REFERENCES} quotas`);
  const rows = await transaction.quota.findMany({
    where: { organizationId, name: { in: [...new Set(names)] } },
    select: { id: true, name: true },
  });
  const idByName = new Map(rows.map((row) => [row.name, row.id]));
  return fields.flatMap((field) => resolveField(field, idByName));
}

function resolveField({ field, names, part }: QuotaField, idByName: ReadonlyMap<string, string>): ResolvedQuota[] {
  return names.map((name, index) => {
    const quotaId = idByName.get(name);
    if (quotaId === undefined) throw invalidField(`${field}[${index}]`, `there is no Quota named '${name}'`);
    if (names.indexOf(name) !== index) throw invalidField(`${field}[${index}]`, `'${name}' is named twice`);
    return { quotaId, ...part };
  });
}

/** Attaches exactly these quotas to the subject and to its parts. */
export async function attachQuotas(
  transaction: Transaction,
  organizationId: string,
  subject: AttachmentSubject,
  quotas: readonly ResolvedQuota[],
): Promise<void> {
  await transaction.quotaAttachment.deleteMany({ where: subject });
  for (let start = 0; start < quotas.length; start += INSERTED_AT_ONCE) {
    const data = quotas
      .slice(start, start + INSERTED_AT_ONCE)
      .map((quota) => ({ organizationId, ...subject, ...quota }));
    await transaction.quotaAttachment.createMany({ data });
  }
}
