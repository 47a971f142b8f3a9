import { Injectable } from '@nestjs/common';
import { ManifestKind } from '@penstock/contracts';
import { AlertChannelsService } from '../alert-channels/alert-channels.service.ts';
import { LlmProviderTemplatesService } from '../llm-provider-templates/llm-provider-templates.service.ts';
import { LlmProvidersService } from '../llm-providers/llm-providers.service.ts';
import { LlmProxiesService } from '../llm-proxies/llm-proxies.service.ts';
import { ModelPricesService } from '../model-prices/model-prices.service.ts';
import { OrganizationService } from '../organization/organization.service.ts';
import { QuotasService } from '../quotas/quotas.service.ts';
import { SecretsService } from '../secrets/secrets.service.ts';
import { TeamsService } from '../teams/teams.service.ts';
import { VirtualKeysService } from '../virtual-keys/virtual-keys.service.ts';
import { KindDocuments } from './kind-documents.ts';

/** All kinds that manifests may hold, in the order in which they are written. */
@Injectable()
export class ManifestKinds {
  readonly byName: ReadonlyMap<ManifestKind, KindDocuments>;

  constructor(
    quotas: QuotasService,
    teams: TeamsService,
    secrets: SecretsService,
    templates: LlmProviderTemplatesService,
    providers: LlmProvidersService,
    prices: ModelPricesService,
    proxies: LlmProxiesService,
    virtualKeys: VirtualKeysService,
    organization: OrganizationService,
    alertChannels: AlertChannelsService,
  ) {
    const documents: Readonly<Record<ManifestKind, KindDocuments>> = {
      Quota: KindDocuments.of('Quota', quotas.kind),
      Team: KindDocuments.of('Team', teams.kind),
      Secret: KindDocuments.of('Secret', secrets.kind),
      LlmProviderTemplate: KindDocuments.of('LlmProviderTemplate', templates.kind),
      LlmProvider: KindDocuments.of('LlmProvider', providers.kind),
      ModelPrice: KindDocuments.of('ModelPrice', prices.kind),
      LlmProxy: KindDocuments.of('LlmProxy', proxies.kind),
      VirtualKey: KindDocuments.of('VirtualKey', virtualKeys.kind),
      Organization: KindDocuments.of('Organization', organization.kind),
      AlertChannel: KindDocuments.of('AlertChannel', alertChannels.kind),
    };
    this.byName = new Map(ManifestKind.options.map((name) => [name, documents[name]]));
  }

  /** First what others refer to. */
  get inOrder(): readonly KindDocuments[] {
    return [...this.byName.values()];
  }
}
