/** Compiles a key's model list: `*` for all, `prefix*`, or an exact name. */
export function compileModelFilter(patterns: readonly string[]): (model: string) => boolean {
  if (patterns.includes('*')) return () => true;
  const exact = new Set(patterns.filter((pattern) => !pattern.endsWith('*')));
  const prefixes = patterns.filter((pattern) => pattern.endsWith('*')).map((pattern) => pattern.slice(0, -1));
  if (prefixes.length === 0) return (model) => exact.has(model);
  return (model) => exact.has(model) || prefixes.some((prefix) => model.startsWith(prefix));
}
