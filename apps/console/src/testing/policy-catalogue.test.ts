import { POLICY_CATALOGUE, POLICY_VERSIONS, type PolicyDescription } from '@penstock/contracts';
import { z } from 'zod';

/** The catalogue as the control plane answers it. */
export const DESCRIBED_POLICIES: readonly PolicyDescription[] = POLICY_CATALOGUE.map((policy) => ({
  name: policy.name,
  aliases: [...policy.aliases],
  title: policy.title,
  description: policy.description,
  category: policy.category,
  versions: [...POLICY_VERSIONS],
  parameters: z.toJSONSchema(policy.params, {
    io: 'input',
    unrepresentable: 'any',
  }) as unknown as PolicyDescription['parameters'],
  docs: `docs/policies/${policy.name}.md`,
}));
