import type {
  LlmProviderSpec,
  LlmProviderTemplateSpec,
  LlmProxySpec,
  ModelPriceSpec,
  OrganizationSpec,
  QuotaSpec,
  TeamSpec,
  VirtualKeySpec,
} from '@penstock/contracts';
import type { CatalogInForce } from '../price-catalog/catalog-in-force.ts';

interface Named {
  readonly id: string;
  readonly organizationId: string;
  readonly name: string;
}

/** What the database holds of everything that the data plane needs, table by table. */
export interface SnapshotRows {
  /** What an earlier release has stored may lack fields. */
  readonly organizations: readonly {
    readonly id: string;
    readonly name: string;
    readonly spec: Partial<OrganizationSpec>;
  }[];
  readonly templates: readonly (Named & { readonly spec: LlmProviderTemplateSpec })[];
  readonly providers: readonly (Named & { readonly spec: LlmProviderSpec; readonly templateId: string })[];
  readonly credentials: readonly {
    readonly providerId: string;
    readonly sealedValue: string;
    /** Of the secrets that it refers to; left out: none. */
    readonly secretNames?: readonly string[];
  }[];
  readonly secrets?: readonly (Named & { readonly sealedValue: string })[];
  readonly prices: readonly {
    readonly id: string;
    readonly providerId: string;
    readonly updatedAt: Date;
    readonly spec: ModelPriceSpec;
  }[];
  /** By organization: the catalogs that hold where no price is set. */
  readonly priceCatalogs: ReadonlyMap<string, CatalogInForce>;
  readonly proxies: readonly (Named & { readonly spec: LlmProxySpec })[];
  /** Ordered by position, the primary first. */
  readonly proxyProviders: readonly { readonly proxyId: string; readonly providerId: string; readonly alias: string }[];
  /** What proxies show their providers, sealed for these; left out: nothing. */
  readonly proxyCredentials?: readonly {
    readonly proxyId: string;
    readonly alias: string;
    readonly providerId: string;
    readonly sealedValue: string;
    readonly secretNames: readonly string[];
  }[];
  readonly teams: readonly (Named & { readonly spec: TeamSpec })[];
  /** Without the revoked ones. */
  readonly virtualKeys: readonly (Named & {
    readonly spec: VirtualKeySpec;
    readonly teamId: string;
    /** Of an API key of a provider. */
    readonly parentProviderId?: string | null;
  })[];
  /** Newest first. */
  readonly virtualKeySecrets: readonly {
    readonly virtualKeyId: string;
    readonly hash: string;
    readonly expiresAt: Date | null;
  }[];
  readonly quotas: readonly { readonly id: string; readonly name: string; readonly spec: QuotaSpec }[];
  readonly attachments: readonly {
    readonly quotaId: string;
    readonly teamId: string | null;
    readonly virtualKeyId: string | null;
    readonly proxyId: string | null;
    readonly providerId: string | null;
    readonly modelId: string | null;
    readonly eachKey: boolean;
    readonly subjectOrganizationId: string | null;
  }[];
}
