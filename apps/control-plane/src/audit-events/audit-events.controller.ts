import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { AuditEvent, PageQuery, pageOf } from '@penstock/contracts';
import { z } from 'zod';
import { RequireRole } from '../auth/roles.ts';
import { type Actor, CurrentActor } from '../common/actor.ts';
import { AuditEventsService } from './audit-events.service.ts';

const Filter = z.string().max(253).optional();
const AuditListQuery = PageQuery.pick({ limit: true, cursor: true }).extend({
  resourceKind: Filter,
  resourceName: Filter,
  actor: Filter,
  action: Filter,
});

@ApiTags('audit-events')
@Controller('audit-events')
export class AuditEventsController {
  constructor(private readonly events: AuditEventsService) {}

  @Get()
  @RequireRole('admin')
  @ApiOperation({ summary: 'Who changed what, newest first' })
  @ApiOkResponse({ standardSchema: pageOf('AuditEventPage', AuditEvent) })
  async list(
    @CurrentActor() actor: Actor,
    @Query({ schema: AuditListQuery }) query: z.output<typeof AuditListQuery>,
  ): Promise<unknown> {
    return this.events.list(actor, query);
  }
}
