import { accessPolicies } from './access-policies.ts';
import { cachePolicies } from './cache-policies.ts';
import { guardrailPolicies } from './guardrail-policies.ts';
import { limitPolicies } from './limit-policies.ts';
import { type PolicyDefinition } from './policy-definition.ts';
import { promptPolicies } from './prompt-policies.ts';
import { routingPolicies } from './routing-policies.ts';
import { trafficPolicies } from './traffic-policies.ts';
import { translationPolicies } from './translation-policies.ts';

/** All policies that this release can run. */
export const POLICY_CATALOGUE: readonly PolicyDefinition[] = [
  ...accessPolicies,
  ...routingPolicies,
  ...translationPolicies,
  ...limitPolicies,
  ...promptPolicies,
  ...guardrailPolicies,
  ...cachePolicies,
  ...trafficPolicies,
];

const byName = new Map(
  POLICY_CATALOGUE.flatMap((policy) => [policy.name, ...policy.aliases].map((name) => [name, policy] as const)),
);

/** The policy of a name, or of one of its other names. */
export function findPolicy(name: string): PolicyDefinition | undefined {
  return byName.get(name);
}
