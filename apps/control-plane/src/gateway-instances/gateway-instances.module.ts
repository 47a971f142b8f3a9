import { Module } from '@nestjs/common';
import { GatewayInstancesController } from './gateway-instances.controller.ts';
import { GatewayInstancesService } from './gateway-instances.service.ts';

@Module({ controllers: [GatewayInstancesController], providers: [GatewayInstancesService] })
export class GatewayInstancesModule {}
