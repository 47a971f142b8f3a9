import { Inject, Injectable } from '@nestjs/common';
import type { LimitStatus, QuotaSpec } from '@penstock/contracts';
import { type ApplicableLimit, type LimitReading, readLimitStatuses } from '@penstock/rate-limiting';
import { AdminError } from '../common/admin-error.ts';
import { CLOCK, type Clock } from '../config/config.module.ts';
import type { Prisma } from '../prisma/generated/client.ts';
import { PrismaService } from '../prisma/prisma.service.ts';
import { RedisService } from '../redis/redis.service.ts';

const named = { select: { id: true, name: true } } as const;
const related = { quota: true, team: named, virtualKey: named, proxy: named, provider: named } as const;

type Attachment = Prisma.QuotaAttachmentGetPayload<{ include: typeof related }>;

interface Subject {
  /** As the limiter knows it, `key:<id>`. */
  readonly counter: string;
  /** As an admin knows it, `VirtualKey app-1`. */
  readonly label: string;
}

/** Live consumption, as the limiter's counters say it. */
@Injectable()
export class LimitStatusService {
  constructor(
    private readonly prisma: PrismaService,
    private readonly redis: RedisService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Every limit of the attachments that the filter finds. Throws the 503 when Redis cannot be asked. */
  async read(where: Prisma.QuotaAttachmentWhereInput): Promise<LimitStatus[]> {
    const attachments = await this.prisma.client.quotaAttachment.findMany({
      where,
      include: related,
      orderBy: { id: 'asc' },
      take: 500,
    });
    const limits = attachments.flatMap(applicableLimits);
    const readings = await this.#readings(limits.map(({ applicable }) => applicable));
    return readings.map((reading, index) => this.#status(reading, limits[index]?.label ?? ''));
  }

  async #readings(limits: readonly ApplicableLimit[]): Promise<readonly LimitReading[]> {
    try {
      return await readLimitStatuses(this.redis.client, limits);
    } catch (cause) {
      throw new AdminError('unavailable', 'Redis cannot be reached; try again.', { cause, retryAfterSeconds: 2 });
    }
  }

  #status({ applicable, used, remaining, resetAfterMs }: LimitReading, subject: string): LimitStatus {
    const { unit, window, max } = applicable.limit;
    return {
      subject,
      quota: applicable.quota,
      unit,
      window: window ?? null,
      max,
      used,
      remaining,
      resetsAt: resetAfterMs > 0 ? new Date(this.clock() + resetAfterMs).toISOString() : null,
    };
  }
}

function applicableLimits(attachment: Attachment): { applicable: ApplicableLimit; label: string }[] {
  const subject = subjectOf(attachment);
  const { quota, organizationId } = attachment;
  return (quota.spec as QuotaSpec).limits.map((limit) => ({
    label: subject.label,
    applicable: {
      organizationId,
      subject: subject.counter,
      id: `${quota.name}/${limit.unit}/${limit.window ?? ''}`,
      quota: quota.name,
      limit,
    },
  }));
}

function subjectOf({ team, virtualKey, proxy, provider }: Attachment): Subject {
  if (virtualKey) return { counter: `key:${virtualKey.id}`, label: `VirtualKey ${virtualKey.name}` };
  if (team) return { counter: `team:${team.id}`, label: `Team ${team.name}` };
  if (proxy) return { counter: `proxy:${proxy.id}`, label: `LlmProxy ${proxy.name}` };
  if (provider) return { counter: `provider:${provider.id}`, label: `LlmProvider ${provider.name}` };
  throw new Error('a quota is attached to nothing'); // a check constraint holds the opposite
}
