import { findPolicy, type LlmProxySpec, type SnapshotPolicy, type Transformer } from '@penstock/contracts';

type AdditionalProvider = LlmProxySpec['additionalProviders'][number];

/** The transformers of additional providers run behind all policies, and only when those chose the provider. */
export function transformerPolicies(providers: readonly AdditionalProvider[]): SnapshotPolicy[] {
  return providers.flatMap(({ id, as, transformer }) => {
    const definition = transformer && findPolicy(transformer.type);
    if (!definition) return [];
    const { providerId: _, id: __, provider: ___, ...params } = transformer.params;
    const name = as ?? id;
    return [{ name: definition.name, condition: chosen(name), params: { ...params, providerId: name }, paths: null }];
  });
}

/** Whether a policy of a snapshot was a transformer. */
export function isTransformerPolicy(policy: SnapshotPolicy): boolean {
  return nameOf(policy) !== null;
}

/** Additional providers with the transformers that they had in a snapshot; snapshots without policies say nothing of them. */
export function withTransformers(
  providers: readonly AdditionalProvider[],
  earlier: readonly SnapshotPolicy[] | undefined,
): AdditionalProvider[] {
  if (!earlier) return [...providers];
  const byName = new Map(earlier.map((policy) => [nameOf(policy), policy]));
  return providers.map(({ transformer: _, ...provider }) => {
    const policy = byName.get(provider.as ?? provider.id);
    return policy ? { ...provider, transformer: transformerOf(policy) } : provider;
  });
}

function transformerOf({ name, params: { providerId: _, ...params } }: SnapshotPolicy): Transformer {
  return { type: name, version: 'v1', params };
}

/** The provider to which a transformer belongs; null for other policies. */
function nameOf({ condition, params: { providerId } }: SnapshotPolicy): string | null {
  return typeof providerId === 'string' && condition === chosen(providerId) ? providerId : null;
}

/** Names of providers hold nothing that a string in CEL would have to escape. */
function chosen(name: string): string {
  return `'selected_provider' in request.Metadata && request.Metadata['selected_provider'] == '${name}'`;
}
