import { Module } from '@nestjs/common';
import { LlmProviderTemplatesModule } from '../llm-provider-templates/llm-provider-templates.module.ts';
import { LlmProvidersModule } from '../llm-providers/llm-providers.module.ts';
import { LlmProxiesModule } from '../llm-proxies/llm-proxies.module.ts';
import { SecretsModule } from '../secrets/secrets.module.ts';
import { VirtualKeysModule } from '../virtual-keys/virtual-keys.module.ts';
import { ApiKeyDocumentsController } from './api-key-documents.controller.ts';
import { ApiKeyDocumentsService } from './api-key-documents.service.ts';
import { ApiKeysService } from './api-keys.service.ts';
import { ManagedProvidersController } from './managed-providers.controller.ts';
import { ManagedProxiesController } from './managed-proxies.controller.ts';
import { ManagedSecretsController } from './managed-secrets.controller.ts';
import { ManagedTemplatesController } from './managed-templates.controller.ts';
import { ProviderApiKeysController } from './provider-api-keys.controller.ts';
import { ProviderDependentsController } from './provider-dependents.controller.ts';
import { ProxyApiKeysController } from './proxy-api-keys.controller.ts';

/** The management surface as programs written for WSO2's API platform know it, over the services of `/api/v1`. */
@Module({
  imports: [LlmProviderTemplatesModule, LlmProvidersModule, LlmProxiesModule, SecretsModule, VirtualKeysModule],
  controllers: [
    ApiKeyDocumentsController,
    ProviderApiKeysController,
    ProviderDependentsController,
    ProxyApiKeysController,
    ManagedProvidersController,
    ManagedProxiesController,
    ManagedSecretsController,
    ManagedTemplatesController,
  ],
  providers: [ApiKeyDocumentsService, ApiKeysService],
  exports: [ApiKeyDocumentsService],
})
export class ManagementModule {}
