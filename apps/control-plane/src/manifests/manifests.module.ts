import { Module } from '@nestjs/common';
import { AlertChannelsModule } from '../alert-channels/alert-channels.module.ts';
import { LlmProviderTemplatesModule } from '../llm-provider-templates/llm-provider-templates.module.ts';
import { LlmProvidersModule } from '../llm-providers/llm-providers.module.ts';
import { LlmProxiesModule } from '../llm-proxies/llm-proxies.module.ts';
import { ManagementModule } from '../management/management.module.ts';
import { ModelPricesModule } from '../model-prices/model-prices.module.ts';
import { OrganizationModule } from '../organization/organization.module.ts';
import { QuotasModule } from '../quotas/quotas.module.ts';
import { SecretsModule } from '../secrets/secrets.module.ts';
import { TeamsModule } from '../teams/teams.module.ts';
import { VirtualKeysModule } from '../virtual-keys/virtual-keys.module.ts';
import { ManifestKinds } from './manifest-kinds.ts';
import { ManifestsController } from './manifests.controller.ts';
import { ManifestsService } from './manifests.service.ts';

@Module({
  imports: [
    AlertChannelsModule,
    LlmProviderTemplatesModule,
    LlmProvidersModule,
    LlmProxiesModule,
    ManagementModule,
    ModelPricesModule,
    OrganizationModule,
    QuotasModule,
    SecretsModule,
    TeamsModule,
    VirtualKeysModule,
  ],
  controllers: [ManifestsController],
  providers: [ManifestKinds, ManifestsService],
})
export class ManifestsModule {}
