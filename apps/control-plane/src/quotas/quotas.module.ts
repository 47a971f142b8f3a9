import { Module } from '@nestjs/common';
import { QuotasController } from './quotas.controller.ts';
import { QuotasService } from './quotas.service.ts';

@Module({ controllers: [QuotasController], providers: [QuotasService], exports: [QuotasService] })
export class QuotasModule {}
