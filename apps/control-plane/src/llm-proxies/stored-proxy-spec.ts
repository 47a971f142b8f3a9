import type { LlmProxySpec } from '@penstock/contracts';

/** What earlier releases have stored nothing about. */
type Added = 'unsupportedParameters' | 'policies' | 'globalPolicies' | 'operationPolicies';

/** A spec as it is stored, by this or an earlier release. */
export function storedProxySpec(stored: unknown): LlmProxySpec {
  const spec = stored as Omit<LlmProxySpec, Added> & Partial<LlmProxySpec>;
  return { unsupportedParameters: 'lenient', policies: [], globalPolicies: [], operationPolicies: [], ...spec };
}
