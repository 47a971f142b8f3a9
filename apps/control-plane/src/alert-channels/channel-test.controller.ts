import { Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { AlertTest, ResourceName } from '@penstock/contracts';
import { RequireRole } from '../auth/roles.ts';
import { type Actor, CurrentActor } from '../common/actor.ts';
import { ChannelTestService } from './channel-test.service.ts';

@ApiTags('alert-channels')
@Controller('alert-channels')
export class ChannelTestController {
  constructor(private readonly tests: ChannelTestService) {}

  @Post(':name/test')
  @HttpCode(200)
  @RequireRole('admin')
  @ApiOperation({ summary: 'Sends a test alert through an AlertChannel' })
  @ApiOkResponse({ standardSchema: AlertTest })
  async test(@CurrentActor() actor: Actor, @Param('name', { schema: ResourceName }) name: string): Promise<AlertTest> {
    return this.tests.test(actor, name);
  }
}
