import { Inject, Injectable } from '@nestjs/common';
import { isLedgerLimit, LimitStatus } from '@penstock/contracts';
import { type ApplicableLimit, type LimitReading, readLimitStatuses, resetsAtMs } from '@penstock/rate-limiting';
import { z } from 'zod';
import { AdminError } from '../common/admin-error.ts';
import { CLOCK, type Clock } from '../config/config.module.ts';
import { RedisService } from '../redis/redis.service.ts';
import { AttachedLimitsService, type AttachmentFilter } from './attached-limits.service.ts';

export const LimitStatusList = z
  .object({
    items: z.array(LimitStatus),
    /** Whether there are more than are told: at most 1,000 limits, of 500 attachments and 500 keys of teams. */
    truncated: z.boolean(),
  })
  .meta({ id: 'LimitStatusList' });
export type LimitStatusList = z.infer<typeof LimitStatusList>;

/** Live consumption, as the limiter's counters say it. */
@Injectable()
export class LimitStatusService {
  constructor(
    private readonly attached: AttachedLimitsService,
    private readonly redis: RedisService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Every limit of the attachments that the filter finds. Throws the 503 when Redis cannot be asked. */
  async read(filter: AttachmentFilter): Promise<LimitStatusList> {
    const { limits, truncated } = await this.attached.find(filter);
    const readings = await this.#readings(limits.map(({ applicable }) => applicable));
    const items = readings.map((reading, index) => this.#status(reading, limits[index]?.label ?? ''));
    return { items, truncated };
  }

  async #readings(limits: readonly ApplicableLimit[]): Promise<readonly LimitReading[]> {
    try {
      return await readLimitStatuses(this.redis.client, limits);
    } catch (cause) {
      throw new AdminError('unavailable', 'Redis cannot be reached; try again.', { cause, retryAfterSeconds: 2 });
    }
  }

  #status({ applicable, used, remaining, resetAfterMs }: LimitReading, subject: string): LimitStatus {
    const { unit, window, max, mode, alignment } = applicable.limit;
    return {
      subject,
      quota: applicable.quota,
      unit,
      window: window ?? null,
      max,
      used,
      remaining,
      resetsAt:
        resetAfterMs > 0 ? new Date(resetsAtMs(applicable.limit, this.clock(), resetAfterMs)).toISOString() : null,
      mode,
      alignment: isLedgerLimit(applicable.limit) ? (alignment ?? 'calendar') : null,
    };
  }
}
