import { Module } from '@nestjs/common';
import { AlertsModule } from '../alerts/alerts.module.ts';
import { AlertChannelsController } from './alert-channels.controller.ts';
import { AlertChannelsService } from './alert-channels.service.ts';
import { ChannelSecretBox } from './channel-secret-box.ts';
import { ChannelTestController } from './channel-test.controller.ts';
import { ChannelTestService } from './channel-test.service.ts';

@Module({
  imports: [AlertsModule],
  controllers: [ChannelTestController, AlertChannelsController],
  providers: [AlertChannelsService, ChannelSecretBox, ChannelTestService],
  exports: [AlertChannelsService],
})
export class AlertChannelsModule {}
