import { Module } from '@nestjs/common';
import { AuditEventsController } from './audit-events.controller.ts';
import { AuditEventsService } from './audit-events.service.ts';

@Module({ controllers: [AuditEventsController], providers: [AuditEventsService] })
export class AuditEventsModule {}
