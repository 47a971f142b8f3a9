import type { LlmProxy } from '../prisma/generated/client.ts';
import type { Transaction } from '../prisma/prisma.service.ts';
import type { KeyRow } from '../virtual-keys/virtual-key.mapper.ts';

const include = { secrets: { orderBy: { createdAt: 'desc' } } } as const;

/** Rows of one list; what is older than so many keys is not shown. */
const MAX_LISTED = 1_000;

/** The API keys of a proxy, the newest first. */
export async function apiKeysOf(transaction: Transaction, { id }: Pick<LlmProxy, 'id'>): Promise<readonly KeyRow[]> {
  return transaction.virtualKey.findMany({
    where: { parentProxyId: id },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    take: MAX_LISTED,
    include,
  });
}

export async function findApiKey(
  transaction: Transaction,
  { id }: Pick<LlmProxy, 'id'>,
  handle: string,
): Promise<KeyRow | undefined> {
  const row = await transaction.virtualKey.findFirst({ where: { parentProxyId: id, handle }, include });
  return row ?? undefined;
}
