import type { LlmProviderSpec, SnapshotModel } from '@penstock/contracts';

/** The models of a provider as the data plane gets them, without their limits; null accepts any. */
export function snapshotModels({ models }: Pick<LlmProviderSpec, 'models'>): Omit<SnapshotModel, 'limits'>[] | null {
  if (!models) return null;
  return models.map((model) => ({
    id: model.id,
    upstreamModel: model.upstreamModel ?? model.id,
    profile: model.profile,
  }));
}
