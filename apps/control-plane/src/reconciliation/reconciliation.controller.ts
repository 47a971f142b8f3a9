import { Controller, Get, HttpCode, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Reconciliation } from '@penstock/contracts';
import { RequireRole } from '../auth/roles.ts';
import { type Actor, CurrentActor } from '../common/actor.ts';
import { ReconciliationService } from './reconciliation.service.ts';

@ApiTags('usage')
@Controller('usage/reconciliation')
export class ReconciliationController {
  constructor(private readonly reconciliation: ReconciliationService) {}

  @Get()
  @RequireRole('viewer')
  @ApiOperation({ summary: 'Whether usage events, their sums and the ledgers of limits told the same at the last run' })
  @ApiOkResponse({ standardSchema: Reconciliation })
  async latest(@CurrentActor() actor: Actor): Promise<Reconciliation> {
    return this.reconciliation.latest(actor);
  }

  @Post('run')
  @HttpCode(200)
  @RequireRole('admin')
  @ApiOperation({ summary: 'Compares them now, and mends what can be mended' })
  @ApiOkResponse({ standardSchema: Reconciliation })
  async run(@CurrentActor() actor: Actor): Promise<Reconciliation> {
    return this.reconciliation.run(actor);
  }
}
