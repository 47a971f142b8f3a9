import { POLICY_CATALOGUE, POLICY_VERSIONS, type PolicyDefinition, type PolicyDescription } from '@penstock/contracts';
import { z } from 'zod';

/** zod gives any JSON a name, since it refers to itself; in JSON Schema it is `{}`. */
const ANY_JSON = /\{"\$ref":"#\/\$defs\/__schema\d+"\}/g;

/** The catalogue in words and JSON Schemas. */
export function describePolicies(): readonly PolicyDescription[] {
  return POLICY_CATALOGUE.map((policy) => ({
    name: policy.name,
    aliases: [...policy.aliases],
    title: policy.title,
    description: policy.description,
    category: policy.category,
    versions: [...POLICY_VERSIONS],
    parameters: parametersOf(policy),
    docs: `docs/policies/${policy.name}.md`,
  }));
}

function parametersOf({ params }: PolicyDefinition): PolicyDescription['parameters'] {
  const { $defs = {}, ...root } = z.toJSONSchema(params, { io: 'input', unrepresentable: 'any' });
  const named = Object.fromEntries(Object.entries($defs).filter(([name]) => !name.startsWith('__')));
  const text = JSON.stringify(Object.keys(named).length > 0 ? { ...root, $defs: named } : root);
  return JSON.parse(text.replaceAll(ANY_JSON, '{}')) as PolicyDescription['parameters'];
}
