import type { Json } from '../canonical/json.ts';

interface Source {
  readonly source?: string;
}

/** `JSON.rawJSON` of ECMAScript's "JSON.parse source text access", which TypeScript's library does not declare yet. */
const { rawJSON } = JSON as unknown as { readonly rawJSON: (text: string) => Json };

/**
 * Parses JSON and keeps every number as it was written: one that JavaScript would change (an integer beyond 2^53, `1.0`,
 * `1e400`) stays its own text, which `JSON.stringify` writes unchanged. Throws `SyntaxError`.
 */
export function parseFaithfully(text: string): Json {
  return JSON.parse(text, (_key, value: unknown, context?: Source) =>
    typeof value === 'number' && context?.source !== undefined && String(value) !== context.source
      ? rawJSON(context.source)
      : value,
  ) as Json;
}
