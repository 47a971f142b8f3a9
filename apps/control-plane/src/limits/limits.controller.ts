import { Controller, Get, Param } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { LimitStatus, ResourceName } from '@penstock/contracts';
import { RequireRole } from '../auth/roles.ts';
import { type Actor, CurrentActor } from '../common/actor.ts';
import { AdminError } from '../common/admin-error.ts';
import { listOf } from '../common/item-list.ts';
import { PrismaService } from '../prisma/prisma.service.ts';
import { LimitStatusService } from './limit-status.service.ts';

const LimitStatusList = listOf('LimitStatusList', LimitStatus);

/** How much of a quota, or of a key's limits, is used now. */
@Controller()
export class LimitsController {
  constructor(
    private readonly limits: LimitStatusService,
    private readonly prisma: PrismaService,
  ) {}

  @Get('quotas/:name/status')
  @RequireRole('viewer')
  @ApiTags('quotas')
  @ApiOperation({ summary: 'Live consumption of every attachment of a Quota' })
  @ApiOkResponse({ standardSchema: LimitStatusList })
  async quota(
    @CurrentActor() { organizationId }: Actor,
    @Param('name', { schema: ResourceName }) name: string,
  ): Promise<{ items: LimitStatus[] }> {
    const quota = await this.prisma.client.quota.findFirst({ where: { organizationId, name }, select: { id: true } });
    if (!quota) throw new AdminError('not_found', `There is no Quota named '${name}'.`);
    return { items: await this.limits.read({ quotaId: quota.id }) };
  }

  @Get('virtual-keys/:name/limits')
  @RequireRole('viewer')
  @ApiTags('virtual-keys')
  @ApiOperation({ summary: 'Live consumption of the limits of a VirtualKey and of its team' })
  @ApiOkResponse({ standardSchema: LimitStatusList })
  async virtualKey(
    @CurrentActor() { organizationId }: Actor,
    @Param('name', { schema: ResourceName }) name: string,
  ): Promise<{ items: LimitStatus[] }> {
    const key = await this.prisma.client.virtualKey.findFirst({
      where: { organizationId, name },
      select: { id: true, teamId: true },
    });
    if (!key) throw new AdminError('not_found', `There is no VirtualKey named '${name}'.`);
    return { items: await this.limits.read({ OR: [{ virtualKeyId: key.id }, { teamId: key.teamId }] }) };
  }
}
