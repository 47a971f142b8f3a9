import type { LlmProviderSpec } from '@penstock/contracts';
import type { PrismaClient } from '../prisma/generated/client.ts';
import type { Transaction } from '../prisma/prisma.service.ts';

/** The id under which a provider's model gets a price, by the provider's name and the name that was sent upstream. */
export type ModelToPrice = (provider: string, upstreamModel: string) => string;

/**
 * Sums know models by the name that was sent upstream. Of several models with the same one, it is the first that has no ModelPrice;
 * a name that the provider does not declare (any more) stays as it is.
 */
export async function modelsToPrice(
  client: PrismaClient | Transaction,
  organizationId: string,
  providers: readonly string[],
): Promise<ModelToPrice> {
  const rows = await client.llmProvider.findMany({
    where: { organizationId, name: { in: [...providers] } },
    select: { name: true, spec: true, prices: { select: { spec: true } } },
  });
  const ids = new Map<string, string>();
  for (const { name, spec, prices } of rows) {
    const priced = new Set(prices.map((price) => (price.spec as { readonly model?: string }).model));
    const models = (spec as LlmProviderSpec).models ?? [];
    // The first that is set for a name stays.
    for (const { id, upstreamModel = id } of [
      ...models.filter((model) => !priced.has(model.id)),
      ...models.filter((model) => priced.has(model.id)),
    ]) {
      const key = keyOf(name, upstreamModel);
      if (!ids.has(key)) ids.set(key, id);
    }
  }
  return (provider, upstreamModel) => ids.get(keyOf(provider, upstreamModel)) ?? upstreamModel;
}

/** A provider's name has no space. */
function keyOf(provider: string, upstreamModel: string): string {
  return `${provider} ${upstreamModel}`;
}
