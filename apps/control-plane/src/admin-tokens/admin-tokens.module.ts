import { Module } from '@nestjs/common';
import { AdminTokensController } from './admin-tokens.controller.ts';
import { AdminTokensService } from './admin-tokens.service.ts';

@Module({ controllers: [AdminTokensController], providers: [AdminTokensService] })
export class AdminTokensModule {}
