import type { IncomingMessage } from 'node:http';

const FORM = { apiVersion: 'meta.k8s.io/v1' } as const;

/** What makes the form of objects and lists that a request asks for: their metadata alone, or all of them. */
export function formOf({ headers }: IncomingMessage): (object: object) => object {
  const isPartial = /;as=PartialObjectMetadata(List)?;/.test(`${headers.accept ?? ''};`);
  return isPartial ? withMetadataAlone : (object) => object;
}

function withMetadataAlone(object: object): object {
  const { kind, metadata, items } = object as { kind?: string; metadata?: unknown; items?: readonly object[] };
  if (kind === 'Status') return object;
  if (!items) return { kind: 'PartialObjectMetadata', ...FORM, metadata };
  return { kind: 'PartialObjectMetadataList', ...FORM, metadata, items: items.map(withMetadataAlone) };
}
