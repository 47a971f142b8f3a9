import { Injectable, type OnModuleInit } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { ManifestKind } from '@penstock/contracts';
import { AlertChannelsService } from '../alert-channels/alert-channels.service.ts';
import { LlmProviderTemplatesService } from '../llm-provider-templates/llm-provider-templates.service.ts';
import { ApiKeyDocumentsService } from '../management/api-key-documents.service.ts';
import { LlmProvidersService } from '../llm-providers/llm-providers.service.ts';
import { LlmProxiesService } from '../llm-proxies/llm-proxies.service.ts';
import { ModelPricesService } from '../model-prices/model-prices.service.ts';
import { OrganizationService } from '../organization/organization.service.ts';
import { QuotasService } from '../quotas/quotas.service.ts';
import { SecretsService } from '../secrets/secrets.service.ts';
import { TeamsService } from '../teams/teams.service.ts';
import { VirtualKeysService } from '../virtual-keys/virtual-keys.service.ts';
import { type AnyKind, KindDocuments } from './kind-documents.ts';

/** Whose documents each kind's are, in the order in which they are written. */
const SERVICES = {
  Quota: QuotasService,
  Team: TeamsService,
  Secret: SecretsService,
  LlmProviderTemplate: LlmProviderTemplatesService,
  LlmProvider: LlmProvidersService,
  ModelPrice: ModelPricesService,
  LlmProxy: LlmProxiesService,
  VirtualKey: VirtualKeysService,
  ApiKey: ApiKeyDocumentsService,
  Organization: OrganizationService,
  AlertChannel: AlertChannelsService,
} as const satisfies Readonly<Record<ManifestKind, unknown>>;

/** All kinds that manifests may hold, in the order in which they are written. */
@Injectable()
export class ManifestKinds implements OnModuleInit {
  #byName: ReadonlyMap<ManifestKind, KindDocuments> = new Map();

  constructor(private readonly modules: ModuleRef) {}

  get byName(): ReadonlyMap<ManifestKind, KindDocuments> {
    return this.#byName;
  }

  /** First what others refer to. */
  get inOrder(): readonly KindDocuments[] {
    return [...this.#byName.values()];
  }

  onModuleInit(): void {
    this.#byName = new Map(ManifestKind.options.map((name) => [name, this.#documentsOf(name)]));
  }

  #documentsOf(name: ManifestKind): KindDocuments {
    const { kind } = this.modules.get<{ readonly kind: AnyKind }>(SERVICES[name], { strict: false });
    return new KindDocuments(name, kind);
  }
}
