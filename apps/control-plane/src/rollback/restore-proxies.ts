import type { LlmProxySpec, SnapshotProxy } from '@penstock/contracts';
import { AdminError } from '../common/admin-error.ts';
import { canonicalJson } from '../common/canonical-json.ts';
import { llmProxiesRepository, providerIds, vacateContexts } from '../llm-proxies/llm-proxies.repository.ts';
import { toLlmProxy } from '../llm-proxies/llm-proxy.mapper.ts';
import type { LlmProxy } from '../prisma/generated/client.ts';
import { ownQuotas } from '../resources/quota-attachments.ts';
import type { RestorableKind, Restoration } from './restoration.ts';
import { restoredProxySpec } from './restored-proxy-spec.ts';

const proxyKind: RestorableKind<LlmProxy> = {
  kind: 'LlmProxy',
  repository: llmProxiesRepository,
  describe: toLlmProxy,
};

/** Brings back the proxies of then, and undeploys those that did not serve then. The providers must be back already. */
export async function restoreProxies(restoration: Restoration): Promise<void> {
  const { earlier } = restoration;
  await undeployOthers(restoration);
  await freeContexts(restoration);
  const providerNames = new Map(earlier.providers.map(({ id, name }) => [id, name]));
  for (const proxy of earlier.proxies) await restoreProxy(restoration, proxy, providerNames);
}

async function undeployOthers(restoration: Restoration): Promise<void> {
  const { earlier, transaction, organizationId } = restoration;
  const others = await transaction.llmProxy.findMany({
    where: {
      organizationId,
      name: { notIn: earlier.proxies.map(({ name }) => name) },
      spec: { path: ['deploymentState'], equals: 'deployed' },
    },
    orderBy: { name: 'asc' },
  });
  for (const existing of others) {
    const spec = { ...(existing.spec as LlmProxySpec), deploymentState: 'undeployed' };
    await restoration.write(proxyKind, { name: existing.name, existing, spec, undeployed: true });
  }
}

/** Two proxies may have swapped their contexts, so those that change are vacated first. Throws the 409 for one taken since. */
async function freeContexts({ earlier, transaction, organizationId }: Restoration): Promise<void> {
  const contexts = new Map(earlier.proxies.map(({ context, name }) => [context, name]));
  const holders = await transaction.llmProxy.findMany({
    where: { context: { in: [...contexts.keys()] } },
    select: { id: true, name: true, organizationId: true, context: true },
  });
  const restored = new Set(contexts.values());
  for (const { id, name, context, organizationId: owner } of holders) {
    const wanted = contexts.get(context) ?? '';
    if (owner === organizationId && name === wanted) continue;
    if (owner !== organizationId || !restored.has(name)) {
      const holder = owner === organizationId ? `LlmProxy '${name}'` : 'another LlmProxy';
      throw new AdminError('conflict', `The context '${context}' of LlmProxy '${wanted}' belongs to ${holder} by now.`);
    }
    await vacateContexts(transaction, [id]);
  }
}

async function restoreProxy(
  restoration: Restoration,
  earlier: SnapshotProxy,
  providerNames: ReadonlyMap<string, string>,
): Promise<void> {
  const { name } = earlier;
  const existing = await restoration.find(proxyKind, name);
  const spec = restoredProxySpec(earlier, existing?.spec as LlmProxySpec | undefined, providerNames);
  if (existing && canonicalJson(existing.spec) === canonicalJson(spec)) return;
  const columns = existing ? { context: spec.context } : { context: spec.context, id: earlier.id };
  const attach = (id: string): Promise<void> => attachToProxy(restoration, id, spec);
  await restoration.write(proxyKind, { name, existing, spec, columns, attach });
}

async function attachToProxy(restoration: Restoration, proxyId: string, spec: LlmProxySpec): Promise<void> {
  const { transaction, organizationId } = restoration;
  await restoration.attach({ proxyId }, [ownQuotas(spec)]);
  const additional = spec.additionalProviders.map(({ id, as }) => ({ name: id, alias: as ?? id, field: '' }));
  const providers = [{ name: spec.provider.id, alias: spec.provider.id, field: '' }, ...additional];
  const ids = await providerIds(transaction, organizationId, providers);
  const rows = providers.map(({ name, alias }, position) => {
    const providerId = ids.get(name);
    if (providerId === undefined) throw new Error(`the provider ${name} was not restored before the proxies`);
    return { organizationId, proxyId, position, providerId, alias };
  });
  await transaction.llmProxyProvider.deleteMany({ where: { proxyId } });
  await transaction.llmProxyProvider.createMany({ data: rows });
}
