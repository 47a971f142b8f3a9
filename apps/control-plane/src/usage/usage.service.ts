import { Inject, Injectable } from '@nestjs/common';
import type {
  PageQuery,
  UsageSummary,
  UsageSummaryQuery,
  UsageTimeseries,
  UsageTimeseriesQuery,
} from '@penstock/contracts';
import type { Actor } from '../common/actor.ts';
import { CLOCK, type Clock } from '../config/config.module.ts';
import { MAX_SERIES_POINTS, requireFewIntervals, tooManyPoints } from './series-bounds.ts';
import { toUsageEvent } from './usage-event.mapper.ts';
import { UsageEventsRepository } from './usage-events.repository.ts';
import { type UsageFilter, usageRange } from './usage-range.ts';
import { UsageReportsRepository } from './usage-reports.repository.ts';
import { toTotals } from './usage-sums.ts';

/** Reports of who spent what. */
@Injectable()
export class UsageService {
  constructor(
    private readonly reports: UsageReportsRepository,
    private readonly events: UsageEventsRepository,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async summary({ organizationId }: Actor, query: UsageSummaryQuery): Promise<UsageSummary> {
    const range = usageRange(query, this.clock());
    const { groupBy } = query;
    const { groups, omitted, total } = await this.reports.groups({
      organizationId,
      range,
      filter: filterOf(query),
      groupBy,
    });
    return {
      from: range.from.toISOString(),
      to: range.to.toISOString(),
      items: groupBy === undefined ? [] : groups.map(({ name, ...sums }) => ({ [groupBy]: name, ...toTotals(sums) })),
      omittedItems: groupBy === undefined ? 0 : omitted,
      total: toTotals(total),
    };
  }

  async timeseries({ organizationId }: Actor, query: UsageTimeseriesQuery): Promise<UsageTimeseries> {
    const range = usageRange(query, this.clock());
    const { groupBy, interval } = query;
    requireFewIntervals({ range, interval });
    const question = { organizationId, range, filter: filterOf(query), groupBy };
    const rows = await this.reports.series(question, interval, MAX_SERIES_POINTS + 1);
    if (rows.length > MAX_SERIES_POINTS) {
      throw tooManyPoints({ range, interval, groups: await this.reports.countGroups(question) });
    }
    const items = rows.map(({ name, start, ...sums }) => ({
      start: start.toISOString(),
      ...(groupBy !== undefined && { [groupBy]: name }),
      ...toTotals(sums),
    }));
    return { from: range.from.toISOString(), to: range.to.toISOString(), interval, items };
  }

  async list({ organizationId }: Actor, query: UsageSummaryQuery & Pick<PageQuery, 'limit' | 'cursor'>) {
    const range = usageRange(query, this.clock());
    const { limit, cursor } = query;
    const page = await this.events.page({ organizationId, range, filter: filterOf(query), limit, cursor });
    return { items: page.rows.map(toUsageEvent), total: page.total, nextCursor: page.nextCursor };
  }
}

function filterOf({ key, team, proxy, provider, model }: UsageFilter): UsageFilter {
  return { key, team, proxy, provider, model };
}
