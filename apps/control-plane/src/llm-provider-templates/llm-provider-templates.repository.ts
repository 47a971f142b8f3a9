import type { LlmProviderTemplate } from '../prisma/generated/client.ts';
import type { Transaction } from '../prisma/prisma.service.ts';
import type { ResourceDelegate } from '../resources/resource-row.ts';
import { ResourceRepository } from '../resources/resource-repository.ts';

export const llmProviderTemplatesRepository = new ResourceRepository<LlmProviderTemplate>(
  (client) => client.llmProviderTemplate as unknown as ResourceDelegate<LlmProviderTemplate>,
);

/** The providers that are made of the template. */
export async function templateReferences(
  transaction: Transaction,
  template: LlmProviderTemplate,
): Promise<readonly string[]> {
  const providers = await transaction.llmProvider.findMany({
    where: { templateId: template.id },
    select: { name: true },
    take: 101,
  });
  return providers.map((provider) => `LlmProvider ${provider.name}`);
}
