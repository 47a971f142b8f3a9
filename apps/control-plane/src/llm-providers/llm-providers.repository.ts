import type { Transaction } from '../prisma/prisma.service.ts';
import type { ResourceDelegate } from '../resources/resource-row.ts';
import { ResourceRepository } from '../resources/resource-repository.ts';
import type { ProviderRow } from './llm-provider.mapper.ts';

export const llmProvidersRepository = new ResourceRepository<ProviderRow>(
  (client) => client.llmProvider as unknown as ResourceDelegate<ProviderRow>,
  { credential: true },
);

/** The proxies and prices of the provider. */
export async function providerReferences(transaction: Transaction, provider: ProviderRow): Promise<readonly string[]> {
  const proxies = await transaction.llmProxy.findMany({
    where: { providers: { some: { providerId: provider.id } } },
    select: { name: true },
    take: 101,
  });
  const prices = await transaction.modelPrice.findMany({
    where: { providerId: provider.id },
    select: { name: true },
    take: 101,
  });
  return [...proxies.map(({ name }) => `LlmProxy ${name}`), ...prices.map(({ name }) => `ModelPrice ${name}`)];
}
