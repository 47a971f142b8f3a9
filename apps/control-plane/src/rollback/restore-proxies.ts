import type { LlmProxySpec, SnapshotProxy } from '@penstock/contracts';
import { canonicalJson } from '../common/canonical-json.ts';
import { placeColumns } from '../llm-proxies/free-context.ts';
import { hopsOf } from '../llm-proxies/hop-credentials.ts';
import { llmProxiesRepository, providerIds } from '../llm-proxies/llm-proxies.repository.ts';
import { type ProxyRow, toAuditedLlmProxy } from '../llm-proxies/llm-proxy.mapper.ts';
import { storedProxySpec } from '../llm-proxies/stored-proxy-spec.ts';
import { ownQuotas } from '../resources/quota-attachments.ts';
import type { RestorableKind, Restoration } from './restoration.ts';
import { restoredProxySpec } from './restored-proxy-spec.ts';

const proxyKind: RestorableKind<ProxyRow> = {
  kind: 'LlmProxy',
  repository: llmProxiesRepository,
  describe: toAuditedLlmProxy,
};

/**
 * Brings back the proxies of then, and undeploys those that did not serve then. The providers must be back already. What proxies
 * show their providers is what they show them now: what was taken away since does not come back.
 */
export async function restoreProxies(restoration: Restoration): Promise<void> {
  const { earlier } = restoration;
  await undeployOthers(restoration);
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
    include: { credentials: true },
    orderBy: { name: 'asc' },
  });
  for (const existing of others) {
    const spec = { ...(existing.spec as LlmProxySpec), deploymentState: 'undeployed' };
    await restoration.write(proxyKind, { name: existing.name, existing, spec, undeployed: true });
  }
}

async function restoreProxy(
  restoration: Restoration,
  earlier: SnapshotProxy,
  providerNames: ReadonlyMap<string, string>,
): Promise<void> {
  const { name } = earlier;
  const existing = await restoration.find(proxyKind, name);
  const now = existing && storedProxySpec(existing.spec);
  const spec = restoredProxySpec(earlier, now, providerNames);
  if (misses(earlier, existing, spec)) restoration.proxiesWithoutCredential.push(name);
  if (now && canonicalJson(now) === canonicalJson(spec)) return;
  const columns = { ...placeColumns(spec), ...(!existing && { id: earlier.id }) };
  const attach = (id: string): Promise<void> => attachToProxy(restoration, id, spec);
  await restoration.write(proxyKind, { name, existing, spec, columns, attach });
}

async function attachToProxy(restoration: Restoration, proxyId: string, spec: LlmProxySpec): Promise<void> {
  const { transaction, organizationId } = restoration;
  await restoration.attach({ proxyId }, [ownQuotas(spec)]);
  const hops = hopsOf(spec);
  const ids = await providerIds(transaction, organizationId, hops);
  const rows = hops.map(({ name, alias }, position) => {
    const providerId = ids.get(name);
    if (providerId === undefined) throw new Error(`the provider ${name} was not restored before the proxies`);
    return { organizationId, proxyId, position, providerId, alias };
  });
  await transaction.llmProxyProvider.deleteMany({ where: { proxyId } });
  await transaction.llmProxyProvider.createMany({ data: rows });
  const shown = rows.filter((_, position) => hops[position]?.auth !== undefined);
  const kept = new Set(shown.map(({ alias, providerId }) => `${alias} ${providerId}`));
  const stored = await transaction.llmProxyCredential.findMany({ where: { proxyId } });
  const lost = stored.filter(({ alias, providerId }) => !kept.has(`${alias} ${providerId}`)).map(({ id }) => id);
  if (lost.length > 0) await transaction.llmProxyCredential.deleteMany({ where: { id: { in: lost } } });
}

/** Whether the proxy had something to show to one of its providers then, and has nothing now. */
function misses(earlier: SnapshotProxy, existing: ProxyRow | undefined, spec: LlmProxySpec): boolean {
  const shown = new Set(hopsOf(spec).flatMap(({ alias, auth }) => (auth ? alias : [])));
  const stored = existing?.credentials ?? [];
  return earlier.providers.some(
    ({ alias, providerId, auth }) =>
      auth !== undefined &&
      !(shown.has(alias) && stored.some((one) => one.alias === alias && one.providerId === providerId)),
  );
}
