import { badRequest } from './api-status.ts';
import type { KubeObject } from './kube-object.ts';

/** Whether the selectors of a list or a watch take an object: labels by equality and presence, fields by name and namespace. */
export function selectorOf(query: URLSearchParams): (object: KubeObject) => boolean {
  const labels = requirements(query.get('labelSelector'));
  const fields = requirements(query.get('fieldSelector'));
  for (const { key } of fields) {
    if (!['metadata.name', 'metadata.namespace'].includes(key)) throw badRequest(`field label not supported: ${key}`);
  }
  return ({ metadata }) =>
    labels.every(({ key, holds }) => holds(metadata.labels?.[key])) &&
    fields.every(({ key, holds }) => holds(key === 'metadata.name' ? metadata.name : metadata.namespace));
}

function requirements(selector: string | null) {
  return (selector ?? '')
    .split(',')
    .filter((text) => text !== '')
    .map((text) => {
      const [, not = '', key = '', operator = '', value = ''] = /^(!?)([^=!]+)(==?|!=)?(.*)$/.exec(text) ?? [];
      const holds = (found: string | undefined): boolean => {
        if (operator === '') return (found === undefined) === (not === '!');
        return operator === '!=' ? found !== value : found === value;
      };
      return { key, holds };
    });
}
