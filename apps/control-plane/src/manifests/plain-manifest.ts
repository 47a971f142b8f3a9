import type { z } from 'zod';

/** A document as it is applied: without a status. */
export interface PlainManifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly spec: unknown;
}

/** The document as somebody would write it: fields in the order of its schema, empty labels and annotations left out. */
export function plainManifest(
  schema: z.ZodType,
  { status: _status, ...document }: { readonly metadata: unknown; readonly spec: unknown; readonly status: object },
): PlainManifest {
  // The database keeps members in an order of its own; what an earlier release stored may no longer pass, and stays as it is.
  const ordered = schema.safeParse(document);
  const { apiVersion, kind, metadata, spec } = (ordered.success ? ordered.data : document) as PlainManifest;
  return { apiVersion, kind, metadata: withoutEmpty(metadata), spec };
}

function withoutEmpty(metadata: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const isEmpty = (value: unknown): boolean =>
    typeof value === 'object' && value !== null && Object.keys(value).length === 0;
  return Object.fromEntries(Object.entries(metadata).filter(([, value]) => !isEmpty(value)));
}
