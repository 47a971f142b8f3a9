import { Module } from '@nestjs/common';
import { LimitStatusService } from './limit-status.service.ts';
import { LimitsController } from './limits.controller.ts';

@Module({ controllers: [LimitsController], providers: [LimitStatusService] })
export class LimitsModule {}
