import { Module } from '@nestjs/common';
import { LlmProvidersController } from './llm-providers.controller.ts';
import { LlmProvidersService } from './llm-providers.service.ts';
import { ProviderTestController } from './provider-test.controller.ts';
import { ProviderTestService } from './provider-test.service.ts';

@Module({
  controllers: [ProviderTestController, LlmProvidersController],
  providers: [LlmProvidersService, ProviderTestService],
})
export class LlmProvidersModule {}
