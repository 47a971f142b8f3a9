import type { SystemText } from '../canonical-request.ts';

/** One text in place of several, an empty line between them. The last mark for the cache covers them all. */
export function joinSystemTexts(system: readonly SystemText[]): readonly SystemText[] {
  const [first] = system;
  if (first === undefined || system.length === 1) return system;
  const cache = system.findLast((text) => text.cache)?.cache;
  const text = system.map((part) => part.text).join('\n\n');
  return [{ type: 'text', text, origin: first.origin, ...(cache && { cache }) }];
}
