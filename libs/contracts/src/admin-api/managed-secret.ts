import { z } from 'zod';

/** A secret as Kubernetes writes it; read only for the values that documents beside it name. */
const KubernetesSecret = z.object({
  apiVersion: z.literal('v1'),
  kind: z.literal('Secret'),
  metadata: z.looseObject({ name: z.string() }),
  /** Base64. */
  data: z.record(z.string(), z.string()).optional(),
  stringData: z.record(z.string(), z.string()).optional(),
});

const ManagedSecret = z.looseObject({
  kind: z.literal('ManagedSecret'),
  spec: z.looseObject({
    value: z.strictObject({ valueFrom: z.strictObject({ name: z.string(), key: z.string() }) }),
  }),
});

/** Whether a document is a Secret of Kubernetes, which is material for others and none of ours. */
export function isKubernetesSecret(document: unknown): boolean {
  return KubernetesSecret.safeParse(document).success;
}

/** What a document turns out to be. */
export type ResolvedManifest =
  | { readonly document: unknown }
  | { readonly field: readonly string[]; readonly message: string };

/**
 * A `ManagedSecret`, as operators of the original write it, as the Secret that it is: with the value that it takes from a
 * Kubernetes Secret among the same documents. Every other document is what it is.
 */
export function resolveManagedSecret(document: unknown, documents: readonly unknown[]): ResolvedManifest {
  if ((document as { readonly kind?: unknown } | null)?.kind !== 'ManagedSecret') return { document };
  const read = ManagedSecret.safeParse(document);
  if (!read.success) return { document: { ...(document as object), kind: 'Secret' } };
  const { name, key } = read.data.spec.value.valueFrom;
  const value = valueOf(documents, name, key);
  if (value === undefined) {
    const field = ['spec', 'value', 'valueFrom'];
    const message = `there is no Kubernetes Secret '${name}' with the key '${key}' among these documents`;
    return { field, message };
  }
  return { document: { ...read.data, kind: 'Secret', spec: { ...read.data.spec, value } } };
}

/** As Kubernetes does it, what stands as text goes before what stands as Base64. */
function valueOf(documents: readonly unknown[], name: string, key: string): string | undefined {
  for (const document of documents) {
    const { data: secret } = KubernetesSecret.safeParse(document);
    if (secret?.metadata.name !== name) continue;
    const text = secret.stringData?.[key];
    if (text !== undefined) return text;
    const encoded = secret.data?.[key];
    if (encoded !== undefined) return new TextDecoder().decode(Uint8Array.from(atob(encoded), byteOf));
  }
  return undefined;
}

function byteOf(character: string): number {
  return character.codePointAt(0) ?? 0;
}
