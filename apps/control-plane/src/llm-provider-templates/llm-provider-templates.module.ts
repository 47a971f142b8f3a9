import { Module } from '@nestjs/common';
import { LlmProviderTemplatesController } from './llm-provider-templates.controller.ts';
import { LlmProviderTemplatesService } from './llm-provider-templates.service.ts';

@Module({
  controllers: [LlmProviderTemplatesController],
  providers: [LlmProviderTemplatesService],
  exports: [LlmProviderTemplatesService],
})
export class LlmProviderTemplatesModule {}
