import type { ProxyRoutes } from './proxy-routes.ts';

export interface ListedModel {
  readonly id: string;
  /** Alias of the provider that serves it; `penstock` for a virtual model of the proxy. */
  readonly ownedBy: string;
}

/** The models that a proxy knows by name, each once, virtual ones first. */
export function listModels(routes: ProxyRoutes): readonly ListedModel[] {
  const models = new Map<string, string>();
  for (const [name, targets] of routes.models) if (targets.length > 0) models.set(name, 'penstock');
  for (const [name, targets] of routes.listed) if (!models.has(name)) models.set(name, targets[0]?.alias ?? 'penstock');
  return [...models].map(([id, ownedBy]) => ({ id, ownedBy }));
}
