import type { Quota } from '../prisma/generated/client.ts';
import type { Transaction } from '../prisma/prisma.service.ts';
import type { ResourceDelegate } from '../resources/resource-row.ts';
import { ResourceRepository } from '../resources/resource-repository.ts';

export const quotasRepository = new ResourceRepository<Quota>(
  (client) => client.quota as unknown as ResourceDelegate<Quota>,
);

const name = { select: { name: true } } as const;

/** What the quota is attached to. */
export async function quotaReferences(transaction: Transaction, quota: Quota): Promise<readonly string[]> {
  const attachments = await transaction.quotaAttachment.findMany({
    where: { quotaId: quota.id },
    include: { team: name, virtualKey: name, proxy: name, provider: name, organization: name },
    orderBy: { id: 'asc' },
    take: 101,
  });
  return attachments.flatMap(({ team, virtualKey, proxy, provider, organization, eachKey, modelId }) => {
    if (organization) return `Organization ${organization.name}`;
    if (team) return `Team ${team.name}${eachKey ? ' (each key)' : ''}`;
    if (virtualKey) return `VirtualKey ${virtualKey.name}`;
    if (proxy) return `LlmProxy ${proxy.name}`;
    return provider ? `LlmProvider ${provider.name}${modelId === null ? '' : `, model ${modelId}`}` : [];
  });
}
