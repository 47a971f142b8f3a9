import { isKubernetesSecret, MANAGED_BY_LABEL, MAX_MANIFESTS, resolveManagedSecret } from '@penstock/contracts';
import { AdminError, invalidField } from '../common/admin-error.ts';
import type { Manifest } from '../resources/resource-kind.ts';
import type { KindDocuments } from './kind-documents.ts';
import type { ManifestFaults, ManifestReference } from './manifest-faults.ts';

/** A manifest that its schema accepts. */
export interface ReadManifest {
  readonly reference: ManifestReference;
  readonly documents: KindDocuments;
  readonly manifest: Manifest<unknown>;
}

/** The documents in a body: one, an array of them, or `{items}`; of YAML any number of these. Throws the 400. */
export function documentsIn(body: unknown): readonly unknown[] {
  const documents = flatten(body).filter((document) => document !== null && document !== undefined);
  if (documents.length === 0) throw invalidField('', 'holds no document');
  if (documents.length > MAX_MANIFESTS) throw invalidField('', `holds more than ${MAX_MANIFESTS} documents`);
  return documents;
}

function flatten(body: unknown): unknown[] {
  if (Array.isArray(body)) return body.flatMap(flatten);
  if (isObject(body) && Array.isArray(body['items']) && !('spec' in body)) return [...body['items']];
  return [body];
}

/**
 * Those of the documents that pass; what is wrong with the others becomes a fault. Secrets of Kubernetes are read for the values
 * that ManagedSecret documents name, and are no documents themselves.
 */
export function readManifests(
  documents: readonly unknown[],
  kinds: ReadonlyMap<string, KindDocuments>,
  { managedBy, faults }: { readonly managedBy: string | undefined; readonly faults: ManifestFaults },
): ReadManifest[] {
  const first = new Map<string, number>();
  return documents.flatMap((sent, index) => {
    if (isKubernetesSecret(sent)) return [];
    let reference = referenceOf(sent, index);
    try {
      const document = resolved(sent, documents);
      reference = referenceOf(document, index);
      const read = readManifest(document, { reference, kinds, managedBy });
      const id = `${reference.kind}/${reference.name}`;
      const earlier = first.get(id);
      if (earlier !== undefined) {
        throw invalidField('metadata.name', `document ${earlier} is ${reference.kind} '${reference.name}' already`);
      }
      first.set(id, index);
      return [read];
    } catch (error) {
      faults.addThrown(reference, error);
      return [];
    }
  });
}

function resolved(sent: unknown, documents: readonly unknown[]): unknown {
  const result = resolveManagedSecret(sent, documents);
  if ('document' in result) return result.document;
  throw invalidField(result.field.join('.'), result.message);
}

interface Reading {
  readonly reference: ManifestReference;
  readonly kinds: ReadonlyMap<string, KindDocuments>;
  readonly managedBy: string | undefined;
}

function readManifest(document: unknown, { reference, kinds, managedBy }: Reading): ReadManifest {
  const documents = kinds.get(reference.kind);
  if (!documents) throw unknownKind(reference.kind, [...kinds.keys()]);
  const manifest = documents.parse(document);
  return { reference, documents, manifest: managedBy === undefined ? manifest : marked(manifest, managedBy) };
}

function marked(manifest: Manifest<unknown>, managedBy: string): Manifest<unknown> {
  const { labels } = manifest.metadata;
  const stated = labels[MANAGED_BY_LABEL];
  if (stated !== undefined && stated !== managedBy) {
    const errors = [
      { field: `metadata.labels.${MANAGED_BY_LABEL}`, message: `is '${stated}', and managedBy is '${managedBy}'` },
    ];
    throw new AdminError('invalid', 'The request is invalid.', { errors });
  }
  return { ...manifest, metadata: { ...manifest.metadata, labels: { ...labels, [MANAGED_BY_LABEL]: managedBy } } };
}

function unknownKind(kind: string, known: readonly string[]): AdminError {
  const message = kind === '' ? 'is required' : `'${kind}' is not known`;
  return invalidField('kind', `${message}; it is one of ${known.join(', ')}`);
}

/** What the document calls itself, as far as it does. */
function referenceOf(document: unknown, index: number): ManifestReference {
  const { kind, metadata } = isObject(document) ? document : {};
  const name = isObject(metadata) ? metadata['name'] : undefined;
  return { index, kind: textOf(kind), name: textOf(name) };
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, 253) : '';
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
