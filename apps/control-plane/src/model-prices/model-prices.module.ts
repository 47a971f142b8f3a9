import { Module } from '@nestjs/common';
import { ModelPricesController } from './model-prices.controller.ts';
import { ModelPricesService } from './model-prices.service.ts';

@Module({ controllers: [ModelPricesController], providers: [ModelPricesService], exports: [ModelPricesService] })
export class ModelPricesModule {}
