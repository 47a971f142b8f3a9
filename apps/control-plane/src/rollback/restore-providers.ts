import type { LlmProviderSpec, SnapshotProvider } from '@penstock/contracts';
import { AdminError } from '../common/admin-error.ts';
import { canonicalJson } from '../common/canonical-json.ts';
import { type ProviderRow, toAuditedLlmProvider } from '../llm-providers/llm-provider.mapper.ts';
import { llmProvidersRepository } from '../llm-providers/llm-providers.repository.ts';
import { placeColumns } from '../llm-proxies/free-context.ts';
import { providerQuotas, storedProviderSpec } from '../llm-providers/stored-provider-spec.ts';
import type { RestorableKind, Restoration } from './restoration.ts';
import { restoredProviderSpec } from './restored-provider-spec.ts';

const providerKind: RestorableKind<ProviderRow> = {
  kind: 'LlmProvider',
  repository: llmProvidersRepository,
  describe: toAuditedLlmProvider,
};

/**
 * Brings back the providers of then, and undeploys those that did not serve then. Credentials and prices are those of now: a
 * credential that was taken away since, or that belongs to another address, does not come back.
 */
export async function restoreProviders(restoration: Restoration): Promise<void> {
  const { earlier, transaction, organizationId } = restoration;
  for (const provider of earlier.providers) await restoreProvider(restoration, provider);
  const others = await transaction.llmProvider.findMany({
    where: {
      organizationId,
      name: { notIn: earlier.providers.map(({ name }) => name) },
      spec: { path: ['deploymentState'], equals: 'deployed' },
    },
    include: { credential: true },
    orderBy: { name: 'asc' },
  });
  for (const existing of others) {
    const spec = { ...(existing.spec as LlmProviderSpec), deploymentState: 'undeployed' };
    await restoration.write(providerKind, { name: existing.name, existing, spec, undeployed: true });
  }
}

async function restoreProvider(restoration: Restoration, earlier: SnapshotProvider): Promise<void> {
  const { transaction } = restoration;
  const { name } = earlier;
  const existing = await restoration.find(providerKind, name);
  const now = existing && storedProviderSpec(existing.spec);
  const spec = restoredProviderSpec(earlier, now);
  const credential = spec.upstream.auth ? existing?.credential : undefined;
  if (earlier.auth && !credential) restoration.withoutCredential.push(name);
  if (now && canonicalJson(now) === canonicalJson(spec)) return;
  const templateId = await templateIdOf(restoration, earlier);
  const attach = async (id: string): Promise<void> => {
    await restoration.attach({ providerId: id }, providerQuotas(spec));
    if (!credential) await transaction.credential.deleteMany({ where: { providerId: id } });
  };
  // Made again under its old id, it goes on with its limits' counters and its usage.
  const columns = { templateId, ...placeColumns(spec), ...(!existing && { id: earlier.id }) };
  await restoration.write(providerKind, { name, existing, spec, columns, attach });
}

async function templateIdOf({ transaction, organizationId }: Restoration, provider: SnapshotProvider): Promise<string> {
  const { name, template } = provider;
  const row = await transaction.llmProviderTemplate.findFirst({
    where: { organizationId, name: template },
    select: { id: true },
  });
  if (row) return row.id;
  throw new AdminError('conflict', `LlmProvider '${name}' needs LlmProviderTemplate '${template}', which was deleted.`);
}
