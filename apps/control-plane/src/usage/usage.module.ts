import { Module } from '@nestjs/common';
import { UsageController } from './usage.controller.ts';
import { UsageEventsRepository } from './usage-events.repository.ts';
import { UsageReportsRepository } from './usage-reports.repository.ts';
import { UsageService } from './usage.service.ts';

@Module({ controllers: [UsageController], providers: [UsageService, UsageReportsRepository, UsageEventsRepository] })
export class UsageModule {}
