import { type AnyPolicy, findPolicy, type LlmProxySpec, type SnapshotPolicy } from '@penstock/contracts';

/** The policies of a proxy in the order in which they run, the global ones first, under the names of this release. */
export function snapshotPolicies(spec: LlmProxySpec): SnapshotPolicy[] {
  // Specs that were stored by an earlier release have only `policies`.
  const { globalPolicies = [], operationPolicies = [], policies = [], additionalProviders } = spec as Partial<LlmProxySpec>;
  const isGlobal = (policy: AnyPolicy): boolean => !('paths' in policy);
  const spelled = [...policies.filter(isGlobal), ...policies.filter((policy) => !isGlobal(policy))];
  const transformers = (additionalProviders ?? []).flatMap(transformerPolicy);
  return [...[...globalPolicies, ...operationPolicies, ...spelled].flatMap(snapshotPolicy), ...transformers];
}

/** The transformer of an additional provider runs behind the policies, and only when they chose that provider. */
function transformerPolicy({ id, as, transformer }: LlmProxySpec['additionalProviders'][number]): SnapshotPolicy[] {
  const definition = transformer && findPolicy(transformer.type);
  if (!definition) return [];
  const { providerId: _, id: __, provider: ___, ...params } = transformer.params;
  const name = as ?? id;
  return [{ name: definition.name, condition: chosen(name), params: { ...params, providerId: name }, paths: null }];
}

/** Names of providers hold nothing that a string in CEL would have to escape. */
function chosen(name: string): string {
  return `'selected_provider' in request.Metadata && request.Metadata['selected_provider'] == '${name}'`;
}

function snapshotPolicy(policy: AnyPolicy): SnapshotPolicy[] {
  const definition = findPolicy(policy.name);
  if (!definition) return [];
  const paths = 'paths' in policy ? policy.paths : null;
  const params = 'paths' in policy ? {} : policy.params;
  return [{ name: definition.name, condition: policy.executionCondition ?? null, params, paths }];
}
