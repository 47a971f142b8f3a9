import { Inject, Injectable } from '@nestjs/common';
import type { UsageSummary, UsageSummaryQuery, UsageTimeseries, UsageTimeseriesQuery } from '@penstock/contracts';
import type { Actor } from '../common/actor.ts';
import { CLOCK, type Clock } from '../config/config.module.ts';
import { PrismaService } from '../prisma/prisma.service.ts';
import { LatencyRepository } from './latency.repository.ts';
import { reportingZone } from './reporting-zone.ts';
import { intervalStarts } from './reports/interval-starts.ts';
import { MAX_SERIES_POINTS, requireFewIntervals, tooManyPoints } from './series-bounds.ts';
import type { UsageQuestion } from './usage-question.ts';
import { filterOf, usageRange } from './usage-range.ts';
import { UsageReportsRepository } from './usage-reports.repository.ts';
import { toTotals } from './usage-sums.ts';

/** Reports of who spent what. */
@Injectable()
export class UsageService {
  constructor(
    private readonly reports: UsageReportsRepository,
    private readonly latency: LatencyRepository,
    private readonly prisma: PrismaService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async summary(actor: Actor, query: UsageSummaryQuery): Promise<UsageSummary> {
    const { question, timeZone } = await this.#read(actor, query);
    const { groupBy, range } = question;
    const [{ groups, omitted, total }, percentiles] = await Promise.all([
      this.reports.groups(question),
      query.percentiles ? this.latency.percentiles(question) : undefined,
    ]);
    return {
      from: range.from.toISOString(),
      to: range.to.toISOString(),
      timeZone,
      items:
        groupBy === undefined
          ? []
          : groups.map(({ name, ...sums }) => ({ [groupBy]: name, ...toTotals(sums), ...percentiles?.of(0, name) })),
      omittedItems: groupBy === undefined ? 0 : omitted,
      total: { ...toTotals(total), ...percentiles?.of(0, undefined) },
    };
  }

  async timeseries(actor: Actor, query: UsageTimeseriesQuery): Promise<UsageTimeseries> {
    const { question: asked, timeZone } = await this.#read(actor, query);
    const { groupBy, range } = asked;
    const { interval } = query;
    requireFewIntervals({ range, interval });
    const question = await this.#topOf(asked, query.top);
    const starts = intervalStarts(range, interval, timeZone);
    const rows = await this.reports.series(question, starts, MAX_SERIES_POINTS + 1);
    if (rows.length > MAX_SERIES_POINTS) {
      throw tooManyPoints({ range, interval, groups: await this.reports.countGroups(question) });
    }
    const percentiles = query.percentiles ? await this.latency.percentiles(question, starts) : undefined;
    const items = rows.map(({ name, interval: index, ...sums }) => ({
      start: new Date(starts[index] ?? Number.NaN).toISOString(),
      ...(groupBy !== undefined && { [groupBy]: name }),
      ...toTotals(sums),
      ...percentiles?.of(index, groupBy === undefined ? undefined : name),
    }));
    return { from: range.from.toISOString(), to: range.to.toISOString(), timeZone, interval, items };
  }

  /** The question about the groups with the most requests alone. */
  async #topOf(question: UsageQuestion, top: number | undefined): Promise<UsageQuestion> {
    if (question.groupBy === undefined || top === undefined) return question;
    const { groups } = await this.reports.groups(question, top);
    return { ...question, names: groups.map(({ name }) => name ?? '') };
  }

  async #read({ organizationId }: Actor, query: UsageSummaryQuery) {
    const timeZone = query.timeZone ?? (await reportingZone(this.prisma.client, organizationId));
    const range = usageRange(query, this.clock(), timeZone);
    const question: UsageQuestion = { organizationId, range, filter: filterOf(query), groupBy: query.groupBy };
    return { question, timeZone };
  }
}
