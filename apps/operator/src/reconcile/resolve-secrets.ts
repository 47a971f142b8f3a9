import type { SecretObject } from '../kubernetes/custom-object.ts';

/** A key of a Secret in the namespace of the object. */
export interface SecretKeyRef {
  readonly name: string;
  readonly key: string;
  readonly prefix?: string;
}

/** A reference that cannot be followed. */
export class SecretReferenceError extends Error {
  override readonly name = 'SecretReferenceError';
}

type ReadSecret = (name: string) => Promise<SecretObject | undefined>;

export interface ResolvedSpec {
  readonly spec: unknown;
  /** The values that were put in: they are told nowhere. */
  readonly values: readonly string[];
}

/** The references in a spec, wherever they stand. */
export function secretReferencesIn(spec: unknown): readonly SecretKeyRef[] {
  if (Array.isArray(spec)) return spec.flatMap(secretReferencesIn);
  if (!isObject(spec)) return [];
  return Object.entries(spec).flatMap(([name, value]) => {
    const reference = name === 'auth' ? referenceIn(value) : undefined;
    return reference ? [reference] : secretReferencesIn(value);
  });
}

/** The spec with values in the place of references. Throws {@link SecretReferenceError} with the field. */
export async function resolveSecrets(spec: unknown, read: ReadSecret, path = 'spec'): Promise<ResolvedSpec> {
  const values: string[] = [];
  const visit = async (node: unknown, at: string): Promise<unknown> => {
    if (Array.isArray(node)) return Promise.all(node.map((item, index) => visit(item, `${at}[${index}]`)));
    if (!isObject(node)) return node;
    const reference = at.endsWith('.auth') ? referenceIn(node) : undefined;
    if (!reference) {
      const entries = Object.entries(node).map(async ([name, value]) => [name, await visit(value, `${at}.${name}`)]);
      return Object.fromEntries((await Promise.all(entries)) as [string, unknown][]) as unknown;
    }
    const { valueFrom: _valueFrom, ...rest } = node;
    if ('value' in rest) throw new SecretReferenceError(`${at}: has both value and valueFrom`);
    const value = await valueOf(reference, read, `${at}.valueFrom.secretKeyRef`);
    // Also without what was put before it.
    values.push(value, value.slice(reference.prefix?.length ?? 0));
    return { ...rest, value };
  };
  return { spec: await visit(spec, path), values };
}

async function valueOf({ name, key, prefix = '' }: SecretKeyRef, read: ReadSecret, at: string): Promise<string> {
  const secret = await read(name);
  if (!secret) throw new SecretReferenceError(`${at}.name: there is no Secret named '${name}' in this namespace`);
  const encoded = secret.data?.[key];
  if (encoded === undefined) throw new SecretReferenceError(`${at}.key: the Secret '${name}' has no key '${key}'`);
  // Files that become Secrets end with a line feed more often than not.
  const value = Buffer.from(encoded, 'base64')
    .toString('utf8')
    .replace(/\r?\n$/, '');
  if (value === '') throw new SecretReferenceError(`${at}.key: '${key}' of the Secret '${name}' is empty`);
  return `${prefix}${value}`;
}

function referenceIn(auth: unknown): SecretKeyRef | undefined {
  if (!isObject(auth) || !isObject(auth['valueFrom'])) return undefined;
  const { secretKeyRef } = auth['valueFrom'];
  return isObject(secretKeyRef) ? (secretKeyRef as unknown as SecretKeyRef) : undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
