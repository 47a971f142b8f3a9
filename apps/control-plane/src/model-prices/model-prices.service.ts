import { Injectable } from '@nestjs/common';
import { type LlmProviderSpec, type ModelPrice, ModelPriceManifest, type ModelPriceSpec } from '@penstock/contracts';
import { invalidField } from '../common/admin-error.ts';
import type { ModelPrice as ModelPriceRow } from '../prisma/generated/client.ts';
import type { PreparedSpec, ResourceKind, WriteContext } from '../resources/resource-kind.ts';
import { ResourceService } from '../resources/resource-service.ts';
import { ResourceTools } from '../resources/resource-tools.ts';
import { toModelPrice } from './model-price.mapper.ts';
import { modelPricesRepository } from './model-prices.repository.ts';
import { requireDeclaredModel } from './require-declared-model.ts';
import { requireOnlyPrice } from './require-only-price.ts';

const priceKind: ResourceKind<ModelPriceSpec, ModelPriceRow, ModelPrice> = {
  kind: 'ModelPrice',
  manifest: ModelPriceManifest,
  repository: modelPricesRepository,
  toDocument: toModelPrice,
  prepare,
  references: async () => [],
};

async function prepare(
  spec: ModelPriceSpec,
  { transaction, actor, existing }: WriteContext<ModelPriceRow>,
): Promise<PreparedSpec> {
  const provider = await transaction.llmProvider.findFirst({
    where: { organizationId: actor.organizationId, name: spec.provider },
    select: { id: true, spec: true },
  });
  if (!provider) throw invalidField('spec.provider', `there is no LlmProvider named '${spec.provider}'`);
  // A model that its provider has given up since may keep its price.
  if (existing?.providerId !== provider.id || (existing.spec as ModelPriceSpec).model !== spec.model)
    requireDeclaredModel(spec, provider.spec as LlmProviderSpec);
  await requireOnlyPrice(transaction, { spec, providerId: provider.id, existingId: existing?.id });
  return { spec, columns: { providerId: provider.id }, attach: async () => {} };
}

@Injectable()
export class ModelPricesService extends ResourceService<ModelPriceSpec, ModelPriceRow, ModelPrice> {
  constructor(tools: ResourceTools) {
    super(priceKind, tools);
  }
}
