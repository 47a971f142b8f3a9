/** What a token says, once it is verified. */
export type Claims = Readonly<Record<string, unknown>>;

/** A claim by its name, or where there is none of that name by its path: `realm_access.roles`. */
export function claimAt(claims: Claims, name: string): unknown {
  if (Object.hasOwn(claims, name)) return claims[name];
  let value: unknown = claims;
  for (const part of name.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined;
    value = (value as Claims)[part];
  }
  return value;
}

/** A claim as text: lists of plain values with commas between them, objects as JSON; null where it says nothing. */
export function claimText(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  if (typeof value === 'string') return value;
  if (Array.isArray(value) && value.every((item) => typeof item !== 'object')) return value.join(',');
  return JSON.stringify(value);
}

/** Whether a claim is a value, or a list that has it. */
export function claimSays(value: unknown, expected: string): boolean {
  return (Array.isArray(value) ? value : [value]).some((item: unknown) => plainText(item) === expected);
}

function plainText(value: unknown): string | null {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : null;
}

/** The scopes of a token: `scope` (RFC 8693 §4.2) or `scp`, as words or as a list. */
export function scopesOf({ scope, scp }: Claims): ReadonlySet<string> {
  return new Set([scope, scp].flatMap(wordsOf));
}

function wordsOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return value.split(' ');
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}
