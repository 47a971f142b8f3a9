import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  pageOf,
  UsageEvent,
  UsageEventsQuery,
  UsageSummary,
  UsageSummaryQuery,
  UsageTimeseries,
  UsageTimeseriesQuery,
} from '@penstock/contracts';
import { RequireRole } from '../auth/roles.ts';
import { type Actor, CurrentActor } from '../common/actor.ts';
import { UsageEventsService, type UsageEventPage as UsageEventPageBody } from './usage-events.service.ts';
import { UsageService } from './usage.service.ts';

const UsageEventPage = pageOf('UsageEventPage', UsageEvent.meta({ id: 'UsageEvent' }));

@ApiTags('usage')
@Controller('usage')
export class UsageController {
  constructor(
    private readonly usage: UsageService,
    private readonly singleEvents: UsageEventsService,
  ) {}

  @Get('summary')
  @RequireRole('viewer')
  @ApiOperation({
    summary: 'Sums over a range, by key, team, proxy, provider, model or user; `items` is empty without groupBy',
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
  @ApiOperation({
    summary: 'Sums by minute, hour, day, week or month of a time zone; intervals without a request are left out',
  })
  @ApiOkResponse({ standardSchema: UsageTimeseries })
  async timeseries(
    @CurrentActor() actor: Actor,
    @Query({ schema: UsageTimeseriesQuery }) query: UsageTimeseriesQuery,
  ): Promise<UsageTimeseries> {
    return this.usage.timeseries(actor, query);
  }

  @Get('events')
  @RequireRole('viewer')
  @ApiOperation({ summary: 'Single requests, newest first; `total` counts up to 10000' })
  @ApiOkResponse({ standardSchema: UsageEventPage })
  async events(
    @CurrentActor() actor: Actor,
    @Query({ schema: UsageEventsQuery }) query: UsageEventsQuery,
  ): Promise<UsageEventPageBody> {
    return this.singleEvents.list(actor, query);
  }
}
