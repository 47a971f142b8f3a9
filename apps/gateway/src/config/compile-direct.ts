import type { SnapshotProvider, SnapshotProxy } from '@penstock/contracts';
import { compileRoutes } from '@penstock/routing';
import type { Organizations } from './compile-organizations.ts';
import type { CompiledProvider, CompiledProxy } from './compiled-config.ts';

/** The proxy by which those reach a provider who call its own context: over its models alone, named as declared or as the vendor does. */
export function compileDirect(
  provider: SnapshotProvider & { readonly context: string },
  compiled: CompiledProvider,
  organizations: Organizations,
): CompiledProxy {
  const { id, name, organizationId, context } = provider;
  const proxy: SnapshotProxy = {
    id,
    name,
    organizationId,
    context,
    authentication: 'virtual-key',
    providers: [{ providerId: id, alias: name }],
    models: vendorNames(provider),
    unsupportedParameters: 'lenient',
    policies: [],
    limits: [],
  };
  return {
    id,
    name,
    context,
    organizationId,
    open: false,
    unsupportedParameters: 'lenient',
    routes: compileRoutes(proxy, new Map([[id, provider]])),
    limits: organizations.byId.get(organizationId)?.limits ?? [],
    direct: compiled,
    hops: null,
    timeouts: null,
  };
}

/** Models by what the vendor calls them, where that is not what they are declared as. */
function vendorNames({ id, models }: SnapshotProvider): SnapshotProxy['models'] {
  const declared = new Set(models?.map((model) => model.id));
  const byName = new Map<string, string>();
  for (const model of models ?? []) {
    const { upstreamModel } = model;
    if (!declared.has(upstreamModel) && !byName.has(upstreamModel)) byName.set(upstreamModel, model.id);
  }
  return [...byName].map(([name, model]) => ({ name, targets: [{ providerId: id, model, weight: 1, priority: 0 }] }));
}
