import { limitId, type SnapshotLimit } from '@penstock/contracts';
import type { SnapshotRows } from './snapshot-rows.ts';

type QuotaRow = SnapshotRows['quotas'][number];
type AttachmentRow = SnapshotRows['attachments'][number];

/** What quotas can be attached to, in a snapshot; ids are of rows. */
export type LimitedEntity =
  | { readonly id: string }
  | { readonly eachKeyOfTeam: string }
  | { readonly providerId: string; readonly modelId: string };

/** The limits of every subject, resolved from the quotas that are attached to it. */
export class SnapshotLimits {
  readonly #byEntity = new Map<string, SnapshotLimit[]>();

  constructor({ quotas, attachments }: Pick<SnapshotRows, 'quotas' | 'attachments'>) {
    const limits = new Map(quotas.map((quota) => [quota.id, quotaLimits(quota)]));
    for (const attachment of attachments) {
      const entity = entityOf(attachment);
      const attached = limits.get(attachment.quotaId);
      if (!entity || !attached) continue;
      const list = this.#byEntity.get(keyOf(entity));
      if (list) list.push(...attached);
      else this.#byEntity.set(keyOf(entity), [...attached]);
    }
  }

  /** In the order in which the quotas were attached; empty where there are none. */
  of(entity: LimitedEntity): SnapshotLimit[] {
    return [...(this.#byEntity.get(keyOf(entity)) ?? [])];
  }
}

function quotaLimits({ name, spec }: QuotaRow): SnapshotLimit[] {
  return spec.limits.map((limit) => ({ quota: name, id: limitId(name, limit), limit }));
}

function entityOf(attachment: AttachmentRow): LimitedEntity | undefined {
  const { teamId, eachKey, providerId, modelId } = attachment;
  if (teamId !== null && eachKey) return { eachKeyOfTeam: teamId };
  if (providerId !== null && modelId !== null) return { providerId, modelId };
  const id = attachment.virtualKeyId ?? teamId ?? attachment.proxyId ?? providerId ?? attachment.subjectOrganizationId;
  return id === null ? undefined : { id };
}

/** Ids of rows are UUIDs, which hold no spaces. */
function keyOf(entity: LimitedEntity): string {
  if ('eachKeyOfTeam' in entity) return `each ${entity.eachKeyOfTeam}`;
  return 'modelId' in entity ? `${entity.providerId} ${entity.modelId}` : entity.id;
}
