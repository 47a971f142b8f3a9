import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Alert, AlertKind, PageQuery, pageOf } from '@penstock/contracts';
import type { z } from 'zod';
import { RequireRole } from '../auth/roles.ts';
import { type Actor, CurrentActor } from '../common/actor.ts';
import { AlertsService } from './alerts.service.ts';

const AlertListQuery = PageQuery.pick({ limit: true, cursor: true }).extend({ kind: AlertKind.optional() });

@ApiTags('alerts')
@Controller('alerts')
export class AlertsController {
  constructor(private readonly alerts: AlertsService) {}

  @Get()
  @RequireRole('viewer')
  @ApiOperation({ summary: 'Alerts with what came of their deliveries, newest first' })
  @ApiOkResponse({ standardSchema: pageOf('AlertPage', Alert) })
  async list(
    @CurrentActor() actor: Actor,
    @Query({ schema: AlertListQuery }) query: z.output<typeof AlertListQuery>,
  ): Promise<unknown> {
    return this.alerts.list(actor, query);
  }
}
