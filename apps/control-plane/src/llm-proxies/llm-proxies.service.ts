import { Injectable } from '@nestjs/common';
import { type LlmProxy, LlmProxyManifest, type LlmProxySpec } from '@penstock/contracts';
import { policyFaults } from '@penstock/policies';
import { AdminError, invalidField } from '../common/admin-error.ts';
import { validationError } from '../common/validation.ts';
import type { LlmProxy as LlmProxyRow } from '../prisma/generated/client.ts';
import { attachQuotas, ownQuotas, resolveQuotas } from '../resources/quota-attachments.ts';
import type { PreparedSpec, ResourceKind, WriteContext } from '../resources/resource-kind.ts';
import { ResourceService } from '../resources/resource-service.ts';
import { ResourceTools } from '../resources/resource-tools.ts';
import { toLlmProxy } from './llm-proxy.mapper.ts';
import { llmProxiesRepository, type NamedProvider, providerIds, proxyReferences } from './llm-proxies.repository.ts';

const proxyKind: ResourceKind<LlmProxySpec, LlmProxyRow, LlmProxy> = {
  kind: 'LlmProxy',
  manifest: LlmProxyManifest,
  repository: llmProxiesRepository,
  toDocument: toLlmProxy,
  prepare,
  references: proxyReferences,
};

async function prepare(spec: LlmProxySpec, context: WriteContext<LlmProxyRow>): Promise<PreparedSpec> {
  const { transaction, actor } = context;
  requirePolicies(spec);
  await requireFreeContext(spec, context);
  const providers = providersOf(spec);
  const ids = await providerIds(transaction, actor.organizationId, providers);
  const resolved = providers.map(({ name, alias, field }, position) => {
    const providerId = ids.get(name);
    if (providerId === undefined) throw invalidField(field, `there is no LlmProvider named '${name}'`);
    return { organizationId: actor.organizationId, position, providerId, alias };
  });
  const quotas = await resolveQuotas(transaction, actor.organizationId, [ownQuotas(spec)]);
  const attach = async ({ id }: { readonly id: string }): Promise<void> => {
    await attachQuotas(transaction, actor.organizationId, { proxyId: id }, quotas);
    await transaction.llmProxyProvider.deleteMany({ where: { proxyId: id } });
    await transaction.llmProxyProvider.createMany({ data: resolved.map((row) => ({ ...row, proxyId: id })) });
  };
  return { spec, columns: { context: spec.context }, attach };
}

/** Conditions and regular expressions, which schemas cannot check. */
function requirePolicies(spec: LlmProxySpec): void {
  const faults = policyFaults(spec);
  if (faults.length === 0) return;
  throw validationError(faults.map(({ path, message }) => ({ path: ['spec', ...path], message })));
}

/** The primary first; an additional provider is known by its alias, or by its name. */
function providersOf(spec: LlmProxySpec): readonly NamedProvider[] {
  const primary = { name: spec.provider.id, alias: spec.provider.id, field: 'spec.provider.id' };
  const additional = spec.additionalProviders.map(({ id, as }, index) => ({
    name: id,
    alias: as ?? id,
    field: `spec.additionalProviders[${index}].id`,
  }));
  return [primary, ...additional];
}

async function requireFreeContext(
  spec: LlmProxySpec,
  { transaction, name, actor }: WriteContext<LlmProxyRow>,
): Promise<void> {
  const holder = await transaction.llmProxy.findUnique({ where: { context: spec.context } });
  if (!holder || (holder.name === name && holder.organizationId === actor.organizationId)) return;
  const owner = holder.organizationId === actor.organizationId ? `LlmProxy '${holder.name}'` : 'another LlmProxy';
  throw new AdminError('conflict', `The context '${spec.context}' belongs to ${owner}.`, {
    errors: [{ field: 'spec.context', message: `belongs to ${owner}` }],
  });
}

@Injectable()
export class LlmProxiesService extends ResourceService<LlmProxySpec, LlmProxyRow, LlmProxy> {
  constructor(tools: ResourceTools) {
    super(proxyKind, tools);
  }
}
