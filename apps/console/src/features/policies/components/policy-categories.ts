import type { PolicyDescription } from '@penstock/contracts';

/** The categories in the order in which they are shown. */
export const CATEGORIES: readonly { readonly value: PolicyDescription['category']; readonly label: string }[] = [
  { value: 'access', label: 'Access' },
  { value: 'routing', label: 'Routing' },
  { value: 'guardrails', label: 'Guardrails' },
  { value: 'limits', label: 'Limits' },
  { value: 'prompts', label: 'Prompts' },
  { value: 'cache', label: 'Cache' },
  { value: 'translation', label: 'Translation' },
  { value: 'traffic', label: 'Headers and logs' },
];

/** Policies of one category. */
export interface PolicyGroup {
  readonly label: string;
  readonly policies: readonly PolicyDescription[];
}

/** The policies whose name, title or description has every word of a search, by category. */
export function groupedPolicies(policies: readonly PolicyDescription[], search: string): readonly PolicyGroup[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const found = policies.filter(({ name, aliases, title, description, category }) => {
    const text = [name, ...aliases, title, description, category].join(' ').toLowerCase();
    return words.every((word) => text.includes(word));
  });
  return CATEGORIES.map(({ value, label }) => ({
    label,
    policies: found.filter(({ category }) => category === value),
  })).filter(({ policies: own }) => own.length > 0);
}

/** The policy of a name, or of one of its other names. */
export function describedAs(policies: readonly PolicyDescription[], name: string): PolicyDescription | undefined {
  return policies.find((policy) => policy.name === name || policy.aliases.includes(name));
}
