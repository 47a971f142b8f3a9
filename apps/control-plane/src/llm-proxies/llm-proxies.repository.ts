import type { Transaction } from '../prisma/prisma.service.ts';
import type { ResourceDelegate } from '../resources/resource-row.ts';
import { ResourceRepository } from '../resources/resource-repository.ts';
import type { ProxyRow } from './llm-proxy.mapper.ts';

export const llmProxiesRepository = new ResourceRepository<ProxyRow>(
  (client) => client.llmProxy as unknown as ResourceDelegate<ProxyRow>,
  { credentials: { orderBy: { alias: 'asc' } } },
);

/** The living virtual keys that name the proxy; its own API keys go with it. */
export async function proxyReferences(transaction: Transaction, proxy: ProxyRow): Promise<readonly string[]> {
  const keys = await transaction.virtualKey.findMany({
    where: {
      organizationId: proxy.organizationId,
      proxies: { has: proxy.name },
      revokedAt: null,
      OR: [{ parentProxyId: null }, { parentProxyId: { not: proxy.id } }],
    },
    select: { name: true },
    take: 101,
  });
  return keys.map((key) => `VirtualKey ${key.name}`);
}

/** A provider of a proxy by name, with the alias under which the proxy knows it. */
export interface NamedProvider {
  readonly name: string;
  readonly alias: string;
  /** The field that names it. */
  readonly field: string;
}

/** Ids by name of the providers of an organization. */
export async function providerIds(
  transaction: Transaction,
  organizationId: string,
  providers: readonly NamedProvider[],
): Promise<ReadonlyMap<string, string>> {
  const rows = await transaction.llmProvider.findMany({
    where: { organizationId, name: { in: providers.map(({ name }) => name) } },
    select: { id: true, name: true },
  });
  return new Map(rows.map((row) => [row.name, row.id]));
}
