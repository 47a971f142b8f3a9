import { Module } from '@nestjs/common';
import { LatencyRepository } from './latency.repository.ts';
import { UsageEventsRepository } from './usage-events.repository.ts';
import { UsageEventsService } from './usage-events.service.ts';
import { UsageExportController } from './usage-export.controller.ts';
import { UsageExportService } from './usage-export.service.ts';
import { UsageController } from './usage.controller.ts';
import { UsageReportsRepository } from './usage-reports.repository.ts';
import { UsageService } from './usage.service.ts';

@Module({
  controllers: [UsageController, UsageExportController],
  providers: [
    UsageService,
    UsageEventsService,
    UsageExportService,
    UsageReportsRepository,
    UsageEventsRepository,
    LatencyRepository,
  ],
})
export class UsageModule {}
