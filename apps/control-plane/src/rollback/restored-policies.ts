import { type LlmProxySpec, type PolicyLists, type SnapshotPolicy } from '@penstock/contracts';
import { canonicalJson } from '../common/canonical-json.ts';
import { snapshotPolicies } from '../config-revisions/snapshot-policies.ts';
import { isTransformerPolicy } from '../config-revisions/transformer-policies.ts';

/**
 * The policies of a proxy or a provider as they were then: as they are written now where they mean the same. Revisions of earlier releases have
 * none, which says nothing of them: they stay.
 */
export function restoredPolicies(
  earlier: readonly SnapshotPolicy[] | undefined,
  now: PolicyLists & Partial<Pick<LlmProxySpec, 'additionalProviders'>>,
): Partial<Pick<LlmProxySpec, keyof PolicyLists>> {
  if (!earlier || canonicalJson(snapshotPolicies(now)) === canonicalJson(earlier)) return {};
  const policies = earlier.filter((policy) => !isTransformerPolicy(policy));
  return {
    policies: [],
    globalPolicies: policies
      .filter(({ paths }) => paths === null)
      .map((policy) => ({ ...named(policy), params: policy.params })),
    operationPolicies: policies.flatMap((policy) =>
      policy.paths === null
        ? []
        : [{ ...named(policy), paths: policy.paths as LlmProxySpec['operationPolicies'][number]['paths'] }],
    ),
  };
}

function named({ name, condition }: SnapshotPolicy) {
  return { name, version: 'v1', ...(condition !== null && { executionCondition: condition }) };
}
