import type { Json } from '@penstock/dialects';

/** A number, also one that is kept as its source text, such as `1.0`; undefined for anything else. */
export function numberOf(value: Json | undefined): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const { rawJSON } = value as { readonly rawJSON?: Json };
  return typeof rawJSON === 'string' && JSON.stringify(value) === rawJSON ? Number(rawJSON) : undefined;
}
