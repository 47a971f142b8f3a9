import type { Secret } from '../prisma/generated/client.ts';
import type { Transaction } from '../prisma/prisma.service.ts';
import { ResourceRepository } from '../resources/resource-repository.ts';
import type { ResourceDelegate } from '../resources/resource-row.ts';

export const secretsRepository = new ResourceRepository<Secret>(
  (client) => client.secret as unknown as ResourceDelegate<Secret>,
);

/** The providers whose credentials name the secret. */
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
  return credentials.map(({ provider }) => `LlmProvider ${provider.name}`);
}
