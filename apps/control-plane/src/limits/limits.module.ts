import { Module } from '@nestjs/common';
import { AttachedLimitsService } from './attached-limits.service.ts';
import { LimitStatusService } from './limit-status.service.ts';
import { LimitsController } from './limits.controller.ts';

@Module({ controllers: [LimitsController], providers: [AttachedLimitsService, LimitStatusService] })
export class LimitsModule {}
