import { Module } from '@nestjs/common';
import { LlmProxiesController } from './llm-proxies.controller.ts';
import { LlmProxiesService } from './llm-proxies.service.ts';

@Module({ controllers: [LlmProxiesController], providers: [LlmProxiesService], exports: [LlmProxiesService] })
export class LlmProxiesModule {}
