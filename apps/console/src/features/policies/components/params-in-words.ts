import type { PolicyDraft } from './policy-draft.ts';
import { UnfinishedJson } from './schema-value.ts';
import { labelOf } from './schema-words.ts';

/** One line on what a policy is set to, for where its fields are folded away. */
export function paramsInWords({ params, paths, executionCondition }: PolicyDraft): string {
  const settings =
    paths === null
      ? partsOf(params)
      : paths.map(({ path, methods }) => `${methods.includes('*') ? '' : `${methods.join(', ')} `}${path}`);
  const condition = executionCondition ? [`where ${executionCondition}`] : [];
  return [...settings, ...condition].join(' · ') || 'As it comes';
}

function partsOf(params: unknown): readonly string[] {
  if (typeof params !== 'object' || params === null || params instanceof UnfinishedJson) return [];
  return Object.entries(params).map(([name, value]) => `${labelOf(name)}: ${inWords(value)}`);
}

function inWords(value: unknown): string {
  if (value instanceof UnfinishedJson) return 'not JSON yet';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (Array.isArray(value)) {
    const simple = value.every((entry) => typeof entry !== 'object');
    return simple ? value.map(String).join(', ') : `${value.length} ${value.length === 1 ? 'entry' : 'entries'}`;
  }
  if (typeof value !== 'object' || value === null) return String(value);
  return Object.entries(value)
    .map(([name, inner]) => `${labelOf(name).toLowerCase()} ${inWords(inner)}`)
    .join(', ');
}
