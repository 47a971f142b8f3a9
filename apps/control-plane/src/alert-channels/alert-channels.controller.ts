import { Controller } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { AlertChannel, AlertChannelManifest, pageOf } from '@penstock/contracts';
import { resourceController } from '../resources/resource-controller.ts';
import { AlertChannelsService } from './alert-channels.service.ts';

const Base = resourceController({
  kind: 'AlertChannel',
  manifest: AlertChannelManifest,
  resource: AlertChannel,
  page: pageOf('AlertChannelPage', AlertChannel),
});

@ApiTags('alert-channels')
@Controller('alert-channels')
export class AlertChannelsController extends Base {
  constructor(override readonly service: AlertChannelsService) {
    super();
  }
}
