import { Controller, Get, Param } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ResourceName } from '@penstock/contracts';
import { RequireRole } from '../auth/roles.ts';
import { type Actor, CurrentActor } from '../common/actor.ts';
import { AdminError } from '../common/admin-error.ts';
import { PrismaService } from '../prisma/prisma.service.ts';
import { LimitStatusList, LimitStatusService } from './limit-status.service.ts';

const id = { id: true } as const;

/** How much of a quota, or of the limits of something, is used now. */
@Controller()
export class LimitsController {
  constructor(
    private readonly limits: LimitStatusService,
    private readonly prisma: PrismaService,
  ) {}

  @Get('quotas/:name/status')
  @RequireRole('viewer')
  @ApiTags('quotas')
  @ApiOperation({
    summary: 'Live consumption of every attachment of a Quota',
    description:
      "Where it is for each key of a team there is a line for each key; the team's keys used last come first.",
  })
  @ApiOkResponse({ standardSchema: LimitStatusList })
  async quota(
    @CurrentActor() { organizationId }: Actor,
    @Param('name', { schema: ResourceName }) name: string,
  ): Promise<LimitStatusList> {
    const where = { organizationId, name };
    const quota = found(await this.prisma.client.quota.findFirst({ where, select: id }), 'Quota', name);
    return this.limits.read({ organizationId, where: { quotaId: quota.id } });
  }

  @Get('organization/limits')
  @RequireRole('viewer')
  @ApiTags('organization')
  @ApiOperation({ summary: 'Live consumption of the limits that all of the Organization shares' })
  @ApiOkResponse({ standardSchema: LimitStatusList })
  async organization(@CurrentActor() { organizationId }: Actor): Promise<LimitStatusList> {
    return this.limits.read({ organizationId, where: { subjectOrganizationId: organizationId } });
  }

  @Get('teams/:name/limits')
  @RequireRole('viewer')
  @ApiTags('teams')
  @ApiOperation({
    summary: 'Live consumption of the limits of a Team, and of those that each of its keys has',
    description: 'Keys that were used last come first.',
  })
  @ApiOkResponse({ standardSchema: LimitStatusList })
  async team(
    @CurrentActor() { organizationId }: Actor,
    @Param('name', { schema: ResourceName }) name: string,
  ): Promise<LimitStatusList> {
    const where = { organizationId, name };
    const team = found(await this.prisma.client.team.findFirst({ where, select: id }), 'Team', name);
    return this.limits.read({ organizationId, where: { teamId: team.id }, orderBy: [{ eachKey: 'asc' }] });
  }

  @Get('llm-proxies/:name/limits')
  @RequireRole('viewer')
  @ApiTags('llm-proxies')
  @ApiOperation({ summary: 'Live consumption of the limits of an LlmProxy' })
  @ApiOkResponse({ standardSchema: LimitStatusList })
  async proxy(
    @CurrentActor() { organizationId }: Actor,
    @Param('name', { schema: ResourceName }) name: string,
  ): Promise<LimitStatusList> {
    const where = { organizationId, name };
    const proxy = found(await this.prisma.client.llmProxy.findFirst({ where, select: id }), 'LlmProxy', name);
    return this.limits.read({ organizationId, where: { proxyId: proxy.id } });
  }

  @Get('llm-providers/:name/limits')
  @RequireRole('viewer')
  @ApiTags('llm-providers')
  @ApiOperation({ summary: 'Live consumption of the limits of an LlmProvider and of its models' })
  @ApiOkResponse({ standardSchema: LimitStatusList })
  async provider(
    @CurrentActor() { organizationId }: Actor,
    @Param('name', { schema: ResourceName }) name: string,
  ): Promise<LimitStatusList> {
    const where = { organizationId, name };
    const provider = found(await this.prisma.client.llmProvider.findFirst({ where, select: id }), 'LlmProvider', name);
    const orderBy = [{ modelId: { sort: 'asc', nulls: 'first' } }] as const;
    return this.limits.read({ organizationId, where: { providerId: provider.id }, orderBy: [...orderBy] });
  }

  @Get('virtual-keys/:name/limits')
  @RequireRole('viewer')
  @ApiTags('virtual-keys')
  @ApiOperation({
    summary: 'Live consumption of the limits that count for every request of a VirtualKey',
    description:
      'In this order: its own, those that each key of its team has, those of its team, those of the organization. The proxy, ' +
      'the provider and its model may have limits besides, which depend on what is asked for.',
  })
  @ApiOkResponse({ standardSchema: LimitStatusList })
  async virtualKey(
    @CurrentActor() { organizationId }: Actor,
    @Param('name', { schema: ResourceName }) name: string,
  ): Promise<LimitStatusList> {
    const select = { id: true, name: true, teamId: true } as const;
    const row = await this.prisma.client.virtualKey.findFirst({ where: { organizationId, name }, select });
    const key = found(row, 'VirtualKey', name);
    return this.limits.read({
      organizationId,
      key,
      where: { OR: [{ virtualKeyId: key.id }, { teamId: key.teamId }, { subjectOrganizationId: organizationId }] },
      orderBy: [
        { virtualKeyId: { sort: 'asc', nulls: 'last' } },
        { teamId: { sort: 'asc', nulls: 'last' } },
        { eachKey: 'desc' },
      ],
    });
  }
}

/** The row, or the 404. */
function found<Row>(row: Row | null, kind: string, name: string): Row {
  if (row === null) throw new AdminError('not_found', `There is no ${kind} named '${name}'.`);
  return row;
}
