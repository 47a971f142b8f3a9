import { TextPattern } from '@penstock/policies';

/** Longer than any origin is. */
const MAX_ORIGIN_LENGTH = 512;

/** Whether an origin is allowed: named as it is, or wholly matched by a regular expression (what begins with `^`). */
export function originMatcher(allowed: readonly string[]): (origin: string) => boolean {
  const exact = new Set(allowed.filter((origin) => !origin.startsWith('^')).map((origin) => origin.toLowerCase()));
  // A pattern without an end would let `https://example.com.evil.com` pass.
  const patterns = allowed
    .filter((origin) => origin.startsWith('^'))
    .map((pattern) => new TextPattern(`^(?:${pattern})$`));
  return (origin) =>
    origin.length <= MAX_ORIGIN_LENGTH &&
    (exact.has(origin.toLowerCase()) || patterns.some((pattern) => pattern.test(origin)));
}
