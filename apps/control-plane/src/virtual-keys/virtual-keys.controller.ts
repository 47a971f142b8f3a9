import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { pageOf, ResourceName, RotateVirtualKey, VirtualKey, VirtualKeyManifest } from '@penstock/contracts';
import type { z } from 'zod';
import { RequireRole } from '../auth/roles.ts';
import { type Actor, CurrentActor } from '../common/actor.ts';
import type { Versioned } from '../common/versioned.ts';
import { resourceController } from '../resources/resource-controller.ts';
import { VirtualKeysService } from './virtual-keys.service.ts';

const Base = resourceController({
  kind: 'VirtualKey',
  manifest: VirtualKeyManifest,
  resource: VirtualKey,
  page: pageOf('VirtualKeyPage', VirtualKey),
});

@ApiTags('virtual-keys')
@Controller('virtual-keys')
export class VirtualKeysController extends Base {
  constructor(override readonly service: VirtualKeysService) {
    super();
  }

  @Post(':name/rotate')
  @HttpCode(200)
  @RequireRole('admin')
  @ApiOperation({ summary: 'Gives a VirtualKey a new secret, shown once in status.key' })
  @ApiOkResponse({ standardSchema: VirtualKey })
  async rotate(
    @CurrentActor() actor: Actor,
    @Param('name', { schema: ResourceName }) name: string,
    @Body({ schema: RotateVirtualKey }) body: z.output<typeof RotateVirtualKey>,
  ): Promise<Versioned<VirtualKey>> {
    return this.service.rotate(actor, name, body.graceSeconds);
  }

  @Post(':name/revoke')
  @HttpCode(200)
  @RequireRole('admin')
  @ApiOperation({ summary: 'Revokes a VirtualKey for good' })
  @ApiOkResponse({ standardSchema: VirtualKey })
  async revoke(
    @CurrentActor() actor: Actor,
    @Param('name', { schema: ResourceName }) name: string,
  ): Promise<Versioned<VirtualKey>> {
    return this.service.revoke(actor, name);
  }
}
