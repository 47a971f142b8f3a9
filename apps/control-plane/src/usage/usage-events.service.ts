import { Inject, Injectable } from '@nestjs/common';
import type { UsageEvent, UsageEventsQuery } from '@penstock/contracts';
import type { Actor } from '../common/actor.ts';
import { CLOCK, type Clock } from '../config/config.module.ts';
import { PrismaService } from '../prisma/prisma.service.ts';
import { reportingZone } from './reporting-zone.ts';
import { toUsageEvent } from './usage-event.mapper.ts';
import { UsageEventsRepository } from './usage-events.repository.ts';
import { filterOf, usageRange } from './usage-range.ts';

/** A page of events. */
export interface UsageEventPage {
  readonly items: readonly UsageEvent[];
  readonly total: number;
  readonly nextCursor: string | null;
}

/** The list of single requests. */
@Injectable()
export class UsageEventsService {
  constructor(
    private readonly events: UsageEventsRepository,
    private readonly prisma: PrismaService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async list({ organizationId }: Actor, query: UsageEventsQuery): Promise<UsageEventPage> {
    const timeZone = query.timeZone ?? (await reportingZone(this.prisma.client, organizationId));
    const range = usageRange(query, this.clock(), timeZone);
    const { limit, cursor, outcome, status } = query;
    const question = { organizationId, range, filter: filterOf(query), outcome, status, limit, cursor };
    const { rows, total, nextCursor } = await this.events.page(question);
    return { items: rows.map(toUsageEvent), total, nextCursor };
  }
}
