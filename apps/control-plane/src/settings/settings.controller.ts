import { Controller, Get, Inject } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Settings } from '@penstock/contracts';
import { RequireRole } from '../auth/roles.ts';
import { CONFIG } from '../config/config.module.ts';
import type { ControlPlaneConfig } from '../config/env.ts';

@ApiTags('settings')
@Controller('settings')
export class SettingsController {
  constructor(@Inject(CONFIG) private readonly config: ControlPlaneConfig) {}

  @Get()
  @RequireRole('viewer')
  @ApiOperation({ summary: 'What the operator has set for this installation' })
  @ApiOkResponse({ standardSchema: Settings })
  read(): Settings {
    const { gatewayUrl, publicUrl, usageRetentionDays } = this.config;
    return { gatewayUrl: gatewayUrl ?? null, publicUrl: publicUrl ?? null, usageRetentionDays };
  }
}
