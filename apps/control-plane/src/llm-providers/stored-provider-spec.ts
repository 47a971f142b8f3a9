import type { LlmProviderSpec, ProviderModel } from '@penstock/contracts';
import { ownQuotas, type QuotaField } from '../resources/quota-attachments.ts';

/** What earlier releases have stored nothing about. */
type Added = 'upstreamDefinitions' | 'policies' | 'globalPolicies' | 'operationPolicies';
type StoredModel = Omit<ProviderModel, 'profile' | 'quotas'> & Partial<ProviderModel>;
type StoredSpec = Omit<LlmProviderSpec, 'models' | Added> &
  Partial<Pick<LlmProviderSpec, Added>> & { readonly models?: readonly StoredModel[] };

/** A spec as it is stored; the models that earlier releases stored have neither profiles nor quotas. */
export function storedProviderSpec(stored: unknown): LlmProviderSpec {
  const { models, ...spec } = stored as StoredSpec;
  return {
    upstreamDefinitions: [],
    policies: [],
    globalPolicies: [],
    operationPolicies: [],
    ...spec,
    ...(models && { models: models.map((model) => ({ profile: {}, quotas: [], ...model })) }),
  };
}

/** Where a provider's spec names quotas. */
export function providerQuotas(spec: LlmProviderSpec): QuotaField[] {
  const models = (spec.models ?? []).map(({ id, quotas }, index) => ({
    field: `spec.models[${index}].quotas`,
    names: quotas,
    part: { modelId: id },
  }));
  return [ownQuotas(spec), ...models];
}
