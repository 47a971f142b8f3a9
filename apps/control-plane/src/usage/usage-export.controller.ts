import { Controller, Get, Query, StreamableFile } from '@nestjs/common';
import { ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import { UsageExportQuery, UsageFocusQuery } from '@penstock/contracts';
import { RequireRole } from '../auth/roles.ts';
import { type Actor, CurrentActor } from '../common/actor.ts';
import { UsageExportService } from './usage-export.service.ts';

const CSV = 'text/csv; charset=utf-8; header=present';

@ApiTags('usage')
@Controller('usage')
export class UsageExportController {
  constructor(private readonly exports: UsageExportService) {}

  @Get('export.csv')
  @RequireRole('viewer')
  @ApiOperation({ summary: 'Single requests as CSV, oldest first, streamed' })
  @ApiProduces('text/csv')
  async events(
    @CurrentActor() actor: Actor,
    @Query({ schema: UsageExportQuery }) query: UsageExportQuery,
  ): Promise<StreamableFile> {
    const { stream, name } = await this.exports.events(actor, query);
    return new StreamableFile(stream, { type: CSV, disposition: `attachment; filename="${name}"` });
  }

  @Get('focus.csv')
  @RequireRole('viewer')
  @ApiOperation({ summary: 'Charges by hour or day in the columns of FOCUS 1.2, as CSV, streamed' })
  @ApiProduces('text/csv')
  async focus(
    @CurrentActor() actor: Actor,
    @Query({ schema: UsageFocusQuery }) query: UsageFocusQuery,
  ): Promise<StreamableFile> {
    const { stream, name } = await this.exports.focus(actor, query);
    return new StreamableFile(stream, { type: CSV, disposition: `attachment; filename="${name}"` });
  }
}
