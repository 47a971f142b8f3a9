import type { MatchedModelProfile, ModelProfileOverrides } from '@penstock/contracts';

/**
 * Overrides of the first entry whose pattern matches the whole of a model's upstream name; `*` stands for any characters,
 * also none. Case counts. Undefined when no entry matches.
 */
export function matchModelProfile(
  entries: readonly MatchedModelProfile[],
  upstreamModel: string,
): ModelProfileOverrides | undefined {
  return entries.find(({ match }) => matches(match, upstreamModel))?.profile;
}

/** The pieces between the stars are found from left to right, each as early as it can be, so nothing is tried twice. */
function matches(pattern: string, name: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  const last = rest.pop();
  if (last === undefined) return name === pattern;
  if (!name.startsWith(first)) return false;
  let from = first.length;
  for (const piece of rest) {
    const at = name.indexOf(piece, from);
    if (at === -1) return false;
    from = at + piece.length;
  }
  return name.length - last.length >= from && name.endsWith(last);
}
