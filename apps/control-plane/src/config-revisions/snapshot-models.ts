import type { LlmProviderSpec, SnapshotProvider } from '@penstock/contracts';

/** The models of a provider as the data plane gets them; null accepts any. */
export function snapshotModels({ models }: Pick<LlmProviderSpec, 'models'>): SnapshotProvider['models'] {
  if (!models) return null;
  return models.map((model) => ({
    id: model.id,
    upstreamModel: model.upstreamModel ?? model.id,
    profile: model.profile,
    limits: [],
  }));
}
