import { Controller, Get, Inject } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Settings } from '@penstock/contracts';
import { RequireRole } from '../auth/roles.ts';
import { type Actor, CurrentActor } from '../common/actor.ts';
import { CONFIG } from '../config/config.module.ts';
import type { ControlPlaneConfig } from '../config/env.ts';
import { organizationTimeZone } from '../organization/organization.repository.ts';
import { PrismaService } from '../prisma/prisma.service.ts';

@ApiTags('settings')
@Controller('settings')
export class SettingsController {
  constructor(
    @Inject(CONFIG) private readonly config: ControlPlaneConfig,
    private readonly prisma: PrismaService,
  ) {}

  @Get()
  @RequireRole('viewer')
  @ApiOperation({ summary: "What the operator has set for this installation, and the organization's time zone" })
  @ApiOkResponse({ standardSchema: Settings })
  async read(@CurrentActor() { organizationId }: Actor): Promise<Settings> {
    const { gatewayUrl, publicUrl, usageRetentionDays } = this.config;
    const timeZone = await organizationTimeZone(this.prisma.client, organizationId);
    return { gatewayUrl: gatewayUrl ?? null, publicUrl: publicUrl ?? null, usageRetentionDays, timeZone };
  }
}
