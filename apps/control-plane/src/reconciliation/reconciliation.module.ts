import { Module } from '@nestjs/common';
import { ReconciliationController } from './reconciliation.controller.ts';
import { ReconciliationService } from './reconciliation.service.ts';

@Module({ controllers: [ReconciliationController], providers: [ReconciliationService] })
export class ReconciliationModule {}
