import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { GatewayInstance } from '@penstock/contracts';
import { RequireRole } from '../auth/roles.ts';
import { listOf } from '../common/item-list.ts';
import { RevisionStore } from '../config-revisions/revision-store.ts';
import { GatewayInstancesService } from './gateway-instances.service.ts';

@ApiTags('gateway-instances')
@Controller('gateway-instances')
export class GatewayInstancesController {
  constructor(
    private readonly instances: GatewayInstancesService,
    private readonly revisions: RevisionStore,
  ) {}

  @Get()
  @RequireRole('viewer')
  @ApiOperation({ summary: 'Gateways with the revision that each applies' })
  @ApiOkResponse({ standardSchema: listOf('GatewayInstanceList', GatewayInstance) })
  async list(): Promise<{ items: GatewayInstance[] }> {
    return { items: await this.instances.list(this.revisions) };
  }
}
