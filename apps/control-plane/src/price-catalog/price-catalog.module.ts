import { Module } from '@nestjs/common';
import { PriceCatalogController } from './price-catalog.controller.ts';
import { PriceCatalogService } from './price-catalog.service.ts';

@Module({ controllers: [PriceCatalogController], providers: [PriceCatalogService] })
export class PriceCatalogModule {}
