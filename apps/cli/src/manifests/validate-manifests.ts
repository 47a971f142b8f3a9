import { isKubernetesSecret, MANIFEST_SCHEMAS, ManifestKind, resolveManagedSecret } from '@penstock/contracts';
import { formatFieldPath, type PathStep } from './field-path.ts';
import type { SourceDocument } from './source-document.ts';

/** One fault of a document, with the place where it stands. */
export interface ManifestFault {
  /** `file:line` */
  readonly place: string;
  readonly title: string;
  readonly field: string;
  readonly message: string;
}

interface Issue {
  readonly path: readonly PathStep[];
  readonly message: string;
}

/** What is wrong with the documents as far as they tell it themselves: references are for the control plane to check. */
export function validateManifests(documents: readonly SourceDocument[]): ManifestFault[] {
  const places = new Map<string, string>();
  const values = documents.map(({ value }) => value);
  return documents.flatMap((document) => {
    if (isKubernetesSecret(document.value)) return [];
    const issues = issuesOf(document, values);
    const id = `${document.kind}/${document.name}`;
    const earlier = places.get(id);
    if (earlier !== undefined && document.name !== '') {
      issues.push({ path: ['metadata', 'name'], message: `'${document.name}' stands at ${earlier} already` });
    }
    if (earlier === undefined) places.set(id, document.locate(['metadata', 'name']));
    return issues.map(({ path, message }) => ({
      place: document.locate(path),
      title: document.title,
      field: formatFieldPath(path),
      message,
    }));
  });
}

function issuesOf(document: SourceDocument, values: readonly unknown[]): Issue[] {
  const resolved = resolveManagedSecret(document.value, values);
  if (!('document' in resolved)) return [{ path: resolved.field, message: resolved.message }];
  const kind = ManifestKind.safeParse(document.kind === 'ManagedSecret' ? 'Secret' : document.kind);
  if (!kind.success) {
    const message = document.kind === '' ? 'is required' : `'${document.kind}' is not known`;
    return [{ path: ['kind'], message: `${message}; it is one of ${ManifestKind.options.join(', ')}` }];
  }
  const result = MANIFEST_SCHEMAS[kind.data].safeParse(resolved.document);
  return (result.error?.issues ?? []).flatMap((issue) => {
    const path = issue.path as readonly PathStep[];
    if (issue.code !== 'unrecognized_keys') return [{ path, message: issue.message }];
    return issue.keys.map((key) => ({ path: [...path, key], message: 'is not a known field' }));
  });
}

/** `proxy.yaml:12: LlmProxy shop: spec.context: must start with '/'` */
export function describeManifestFault({ place, title, field, message }: ManifestFault): string {
  return `${place}: ${title}: ${field === '' ? '' : `${field}: `}${message}`;
}
