import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ConfigRevision, PageQuery, pageOf, RollbackRequest, RollbackResult } from '@penstock/contracts';
import { z } from 'zod';
import { RequireRole } from '../auth/roles.ts';
import { type Actor, CurrentActor } from '../common/actor.ts';
import { ConfigRevisionsService } from './config-revisions.service.ts';

const RevisionNumber = z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER);
const RevisionListQuery = PageQuery.pick({ limit: true, cursor: true });
const DiffQuery = z.object({ from: RevisionNumber, to: RevisionNumber });

const ConfigDiff = z
  .object({
    items: z.array(
      z.object({
        kind: z.enum(['LlmProvider', 'LlmProxy', 'Organization', 'Secret', 'Team', 'VirtualKey']),
        name: z.string(),
        change: z.enum(['added', 'removed', 'changed']),
        /** Fields that differ; empty unless `changed`. */
        fields: z.array(z.string()),
        before: z.json().nullable(),
        after: z.json().nullable(),
      }),
    ),
  })
  .meta({ id: 'ConfigDiff' });

@ApiTags('config')
@Controller('config')
export class ConfigRevisionsController {
  constructor(private readonly revisions: ConfigRevisionsService) {}

  @Get('revisions')
  @RequireRole('viewer')
  @ApiOperation({ summary: 'Lists config revisions, newest first' })
  @ApiOkResponse({ standardSchema: pageOf('ConfigRevisionPage', ConfigRevision) })
  async list(
    @CurrentActor() actor: Actor,
    @Query({ schema: RevisionListQuery }) query: z.output<typeof RevisionListQuery>,
  ): Promise<unknown> {
    return this.revisions.list(actor, query);
  }

  @Get('revisions/:revision')
  @RequireRole('viewer')
  @ApiOkResponse({ standardSchema: ConfigRevision })
  async get(
    @CurrentActor() actor: Actor,
    @Param('revision', { schema: RevisionNumber }) revision: number,
  ): Promise<ConfigRevision> {
    return this.revisions.get(actor, revision);
  }

  @Get('diff')
  @RequireRole('viewer')
  @ApiOperation({ summary: 'What changed from one revision to another, without secrets' })
  @ApiOkResponse({ standardSchema: ConfigDiff })
  async diff(
    @CurrentActor() actor: Actor,
    @Query({ schema: DiffQuery }) query: z.output<typeof DiffQuery>,
  ): Promise<unknown> {
    return { items: await this.revisions.diff(actor, query.from, query.to) };
  }

  @Post('rollback')
  @HttpCode(200)
  @RequireRole('admin')
  @ApiOperation({ summary: 'Writes the state of an earlier revision back and publishes it as a new one' })
  @ApiOkResponse({ standardSchema: RollbackResult })
  async rollback(
    @CurrentActor() actor: Actor,
    @Body({ schema: RollbackRequest }) body: z.output<typeof RollbackRequest>,
  ): Promise<RollbackResult> {
    return this.revisions.rollback(actor, body.revision);
  }
}
