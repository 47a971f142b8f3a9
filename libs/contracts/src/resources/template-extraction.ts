import type { LlmProviderTemplateSpec } from './llm-provider-template.ts';

const FIELDS = [
  'promptTokens',
  'completionTokens',
  'totalTokens',
  'remainingTokens',
  'requestModel',
  'responseModel',
] as const;

/** Where the values stand that a template knows of. */
export type TemplateExtraction = Pick<LlmProviderTemplateSpec, (typeof FIELDS)[number]>;

/** The same, and what differs on some paths. */
export type MappedExtraction = TemplateExtraction & {
  readonly resourceMappings?:
    | { readonly resources: readonly (TemplateExtraction & { readonly resource: string })[] }
    | undefined;
};

/**
 * What a template says of one path upstream, such as `/responses`: its own fields, and over them those of the mapping that
 * fits the path best. One without wildcards goes before one with them, then the longer one.
 */
export function extractionFor(template: MappedExtraction, path: string): TemplateExtraction {
  const fitting = (template.resourceMappings?.resources ?? []).filter(({ resource }) => fits(resource, path));
  const [best] = fitting.toSorted((a, b) => wildcards(a.resource) - wildcards(b.resource) || longer(a, b));
  return { ...pick(template), ...(best && pick(best)) };
}

function pick(source: TemplateExtraction): TemplateExtraction {
  return Object.fromEntries(FIELDS.flatMap((field) => (source[field] ? [[field, source[field]]] : [])));
}

const wildcards = (resource: string): number => (/[*{]/.test(resource) ? 1 : 0);
const longer = (a: { readonly resource: string }, b: { readonly resource: string }): number =>
  b.resource.length - a.resource.length;

/** `*` stands for one segment, and at the end for all that follow; `{name}` for one, or for what stands before its `:verb`. */
function fits(resource: string, path: string): boolean {
  const [wanted, given] = [resource.split('/'), path.split('/')];
  const open = wanted.at(-1) === '*';
  if (open ? given.length < wanted.length : given.length !== wanted.length) return false;
  return wanted.every((segment, index) => {
    const actual = given[index] ?? '';
    if (segment === '*') return actual !== '';
    const [, verb] = /^\{[A-Za-z0-9_]+\}(:[A-Za-z]+)?$/.exec(segment) ?? [];
    if (!segment.startsWith('{')) return segment === actual;
    return verb === undefined ? actual !== '' : actual.endsWith(verb) && actual.length > verb.length;
  });
}
