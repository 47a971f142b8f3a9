import { invalidField } from '../common/admin-error.ts';
import type { Transaction } from '../prisma/prisma.service.ts';

/** What a quota can be attached to. */
export type AttachmentSubject =
  | { readonly teamId: string }
  | { readonly virtualKeyId: string }
  | { readonly proxyId: string }
  | { readonly providerId: string };

/** Ids of the named quotas, in that order. Throws the 400 that names the first unknown one. */
export async function resolveQuotas(
  transaction: Transaction,
  organizationId: string,
  names: readonly string[],
): Promise<readonly string[]> {
  if (names.length === 0) return [];
  const rows = await transaction.quota.findMany({
    where: { organizationId, name: { in: [...names] } },
    select: { id: true, name: true },
  });
  const idByName = new Map(rows.map((row) => [row.name, row.id]));
  return names.map((name, index) => {
    const id = idByName.get(name);
    if (id === undefined) throw invalidField(`spec.quotas[${index}]`, `there is no Quota named '${name}'`);
    if (names.indexOf(name) !== index) throw invalidField(`spec.quotas[${index}]`, `'${name}' is named twice`);
    return id;
  });
}

/** Attaches exactly these quotas to the subject. */
export async function attachQuotas(
  transaction: Transaction,
  organizationId: string,
  subject: AttachmentSubject,
  quotaIds: readonly string[],
): Promise<void> {
  await transaction.quotaAttachment.deleteMany({ where: subject });
  if (quotaIds.length === 0) return;
  await transaction.quotaAttachment.createMany({
    data: quotaIds.map((quotaId) => ({ organizationId, quotaId, ...subject })),
  });
}
