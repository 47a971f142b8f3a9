import type { Secret } from '../prisma/generated/client.ts';
import type { Transaction } from '../prisma/prisma.service.ts';
import { ResourceRepository } from '../resources/resource-repository.ts';
import type { ResourceDelegate } from '../resources/resource-row.ts';
import { policiesReferringTo } from './referring-policies.ts';

export const secretsRepository = new ResourceRepository<Secret>(
  (client) => client.secret as unknown as ResourceDelegate<Secret>,
);

/** The providers whose credentials name the secret, the proxies that show it to providers, and those whose policies name it. */
export async function secretReferences(
  transaction: Transaction,
  { organizationId, name }: Pick<Secret, 'organizationId' | 'name'>,
): Promise<readonly string[]> {
  const credentials = await transaction.credential.findMany({
    where: { organizationId, secretNames: { has: name } },
    select: { provider: { select: { name: true } } },
    orderBy: { provider: { name: 'asc' } },
    take: 101,
  });
  const hops = await transaction.llmProxyCredential.findMany({
    where: { organizationId, secretNames: { has: name } },
    select: { proxy: { select: { name: true } } },
    orderBy: { proxy: { name: 'asc' } },
    take: 101,
  });
  const references = new Set([
    ...credentials.map(({ provider }) => `LlmProvider ${provider.name}`),
    ...hops.map(({ proxy }) => `LlmProxy ${proxy.name}`),
    ...(await policiesReferringTo(transaction, { organizationId, name })),
  ]);
  return [...references];
}
