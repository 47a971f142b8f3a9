import {
  type AnyPolicy,
  findPolicy,
  type LlmProxySpec,
  type PolicyLists,
  type SnapshotPolicy,
} from '@penstock/contracts';
import { transformerPolicies } from './transformer-policies.ts';

/** The policies of a proxy or a provider in the order in which they run, the global ones first, under the names of this release. */
export function snapshotPolicies(
  spec: PolicyLists & Partial<Pick<LlmProxySpec, 'additionalProviders'>>,
): SnapshotPolicy[] {
  // Specs that were stored by an earlier release have only `policies`.
  const {
    globalPolicies = [],
    operationPolicies = [],
    policies = [],
    additionalProviders,
  } = spec as Partial<LlmProxySpec>;
  const isGlobal = (policy: AnyPolicy): boolean => !('paths' in policy);
  const spelled = [...policies.filter(isGlobal), ...policies.filter((policy) => !isGlobal(policy))];
  const transformers = transformerPolicies(additionalProviders ?? []);
  return [...[...globalPolicies, ...operationPolicies, ...spelled].flatMap(snapshotPolicy), ...transformers];
}

function snapshotPolicy(policy: AnyPolicy): SnapshotPolicy[] {
  const definition = findPolicy(policy.name);
  if (!definition) return [];
  const paths = 'paths' in policy ? policy.paths : null;
  const params = 'paths' in policy ? {} : policy.params;
  return [{ name: definition.name, condition: policy.executionCondition ?? null, params, paths }];
}
