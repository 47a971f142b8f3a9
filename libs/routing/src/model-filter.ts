import type { ProxyRoutes } from './proxy-routes.ts';

/** Compiles a key's model list: `*` for all, `prefix*`, or an exact name. */
export function compileModelFilter(patterns: readonly string[]): (model: string) => boolean {
  if (patterns.includes('*')) return () => true;
  const exact = new Set(patterns.filter((pattern) => !pattern.endsWith('*')));
  const prefixes = patterns.filter((pattern) => pattern.endsWith('*')).map((pattern) => pattern.slice(0, -1));
  if (prefixes.length === 0) return (model) => exact.has(model);
  return (model) => exact.has(model) || prefixes.some((prefix) => model.startsWith(prefix));
}

/** Whether a filter lets a model through, named as it is or with a provider of the proxy before it. */
export function namesUsableModel(
  allows: (model: string) => boolean,
  routes: Pick<ProxyRoutes, 'providersByAlias'>,
  model: string,
): boolean {
  if (allows(model)) return true;
  const slash = model.indexOf('/');
  if (slash <= 0 || !routes.providersByAlias.has(model.slice(0, slash))) return false;
  return allows(model.slice(slash + 1));
}
