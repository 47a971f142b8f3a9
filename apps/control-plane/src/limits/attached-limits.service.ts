import { Injectable } from '@nestjs/common';
import { limitId, type QuotaSpec } from '@penstock/contracts';
import type { ApplicableLimit } from '@penstock/rate-limiting';
import { organizationTimeZone } from '../organization/organization.repository.ts';
import type { Prisma } from '../prisma/generated/client.ts';
import { PrismaService } from '../prisma/prisma.service.ts';
import { type Attachment, attachmentRelations, type LimitSubject, type Named, subjectsOf } from './limit-subject.ts';

/** Attachments that one answer looks at, and keys of teams whose keys count for themselves. */
const MAX_ATTACHMENTS = 500;
const MAX_KEYS = 500;
/** Limits that one answer tells: each costs Redis a script. */
export const MAX_LIMITS = 1_000;

/** Which attachments are wanted, of which organization. */
export interface AttachmentFilter {
  readonly organizationId: string;
  readonly where: Prisma.QuotaAttachmentWhereInput;
  /** By the age of the attachments where it is left out. */
  readonly orderBy?: Prisma.QuotaAttachmentOrderByWithRelationInput[];
  /** Of what each key of a team has only this one's; of all its keys where it is left out. */
  readonly key?: Named;
}

/** One limit of one subject, with the name that an admin knows the subject by. */
export interface AttachedLimit {
  readonly applicable: ApplicableLimit;
  readonly label: string;
}

/** The limits that the database knows of, as the gateways apply them. */
@Injectable()
export class AttachedLimitsService {
  constructor(private readonly prisma: PrismaService) {}

  /** At most {@link MAX_LIMITS}; of the keys of teams those that were used last. `truncated`: there are more. */
  async find(filter: AttachmentFilter): Promise<{ limits: AttachedLimit[]; truncated: boolean }> {
    const { organizationId, where, orderBy = [], key } = filter;
    const { client } = this.prisma;
    const attachments = await client.quotaAttachment.findMany({
      where: { organizationId, ...where },
      include: attachmentRelations,
      orderBy: [...orderBy, { id: 'asc' }],
      take: MAX_ATTACHMENTS + 1,
    });
    const shown = attachments.slice(0, MAX_ATTACHMENTS);
    const keys = key ? undefined : await this.#keysOf(shown);
    const timeZone = await organizationTimeZone(client, organizationId);
    const limits: AttachedLimit[] = [];
    for (const attachment of shown) {
      const keysOfTeam = key ? [key] : (keys?.byTeam.get(attachment.teamId ?? '') ?? []);
      for (const subject of subjectsOf(attachment, keysOfTeam)) {
        limits.push(...limitsOf(attachment, subject, timeZone));
        if (limits.length > MAX_LIMITS) return { limits: limits.slice(0, MAX_LIMITS), truncated: true };
      }
    }
    return { limits, truncated: attachments.length > shown.length || keys?.truncated === true };
  }

  /** The keys that the attachments' teams have and that are not revoked, last used first. */
  async #keysOf(attachments: readonly Attachment[]) {
    const teams = attachments.flatMap(({ eachKey, teamId }) => (eachKey && teamId !== null ? teamId : []));
    if (teams.length === 0) return { byTeam: new Map<string, Named[]>(), truncated: false };
    const keys = await this.prisma.client.virtualKey.findMany({
      where: { teamId: { in: [...new Set(teams)] }, revokedAt: null },
      select: { id: true, name: true, teamId: true },
      orderBy: [{ lastUsedAt: { sort: 'desc', nulls: 'last' } }, { id: 'asc' }],
      take: MAX_KEYS + 1,
    });
    return { byTeam: Map.groupBy(keys.slice(0, MAX_KEYS), ({ teamId }) => teamId), truncated: keys.length > MAX_KEYS };
  }
}

function limitsOf({ quota, organizationId }: Attachment, subject: LimitSubject, timeZone: string): AttachedLimit[] {
  return (quota.spec as QuotaSpec).limits.map((limit) => ({
    label: subject.label,
    applicable: {
      organizationId,
      subject: subject.counter,
      id: limitId(quota.name, limit),
      quota: quota.name,
      limit,
      timeZone,
      reseeded: true,
    },
  }));
}
