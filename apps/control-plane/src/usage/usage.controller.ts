import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  PageQuery,
  pageOf,
  UsageEvent,
  UsageSummary,
  UsageSummaryQuery,
  UsageTimeseries,
  UsageTimeseriesQuery,
} from '@penstock/contracts';
import type { z } from 'zod';
import { RequireRole } from '../auth/roles.ts';
import { type Actor, CurrentActor } from '../common/actor.ts';
import { UsageService } from './usage.service.ts';

const UsageEventQuery = UsageSummaryQuery.omit({ groupBy: true }).extend({
  limit: PageQuery.shape.limit,
  cursor: PageQuery.shape.cursor,
});
const UsageEventPage = pageOf('UsageEventPage', UsageEvent.meta({ id: 'UsageEvent' }));

@ApiTags('usage')
@Controller('usage')
export class UsageController {
  constructor(private readonly usage: UsageService) {}

  @Get('summary')
  @RequireRole('viewer')
  @ApiOperation({
    summary: 'Sums over a range, by key, team, proxy, provider or model; `items` is empty without groupBy',
  })
  @ApiOkResponse({ standardSchema: UsageSummary })
  async summary(
    @CurrentActor() actor: Actor,
    @Query({ schema: UsageSummaryQuery }) query: UsageSummaryQuery,
  ): Promise<UsageSummary> {
    return this.usage.summary(actor, query);
  }

  @Get('timeseries')
  @RequireRole('viewer')
  @ApiOperation({ summary: 'Sums by minute, hour or day (UTC); intervals without a request are left out' })
  @ApiOkResponse({ standardSchema: UsageTimeseries })
  async timeseries(
    @CurrentActor() actor: Actor,
    @Query({ schema: UsageTimeseriesQuery }) query: UsageTimeseriesQuery,
  ): Promise<UsageTimeseries> {
    return this.usage.timeseries(actor, query);
  }

  @Get('events')
  @RequireRole('viewer')
  @ApiOperation({ summary: 'Single requests, newest first' })
  @ApiOkResponse({ standardSchema: UsageEventPage })
  async events(
    @CurrentActor() actor: Actor,
    @Query({ schema: UsageEventQuery }) query: z.output<typeof UsageEventQuery>,
  ): Promise<unknown> {
    return this.usage.list(actor, query);
  }
}
