import { Module } from '@nestjs/common';
import { SecretsModule } from '../secrets/secrets.module.ts';
import { LlmProvidersController } from './llm-providers.controller.ts';
import { LlmProvidersService } from './llm-providers.service.ts';
import { ProviderTestController } from './provider-test.controller.ts';
import { ProviderTestService } from './provider-test.service.ts';

@Module({
  imports: [SecretsModule],
  controllers: [ProviderTestController, LlmProvidersController],
  providers: [LlmProvidersService, ProviderTestService],
  exports: [LlmProvidersService],
})
export class LlmProvidersModule {}
