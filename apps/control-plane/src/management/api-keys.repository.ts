import type { Transaction } from '../prisma/prisma.service.ts';
import type { KeyRow } from '../virtual-keys/virtual-key.mapper.ts';
import { type KeyParent, parentColumn } from './key-parent.ts';

const include = { secrets: { orderBy: { createdAt: 'desc' } } } as const;

/** Rows of one list; what is older than so many keys is not shown. */
const MAX_LISTED = 1_000;

/** The API keys of a proxy or a provider, the newest first. */
export async function apiKeysOf(transaction: Transaction, parent: KeyParent): Promise<readonly KeyRow[]> {
  return transaction.virtualKey.findMany({
    where: parentColumn(parent),
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    take: MAX_LISTED,
    include,
  });
}

export async function findApiKey(
  transaction: Transaction,
  parent: KeyParent,
  handle: string,
): Promise<KeyRow | undefined> {
  const row = await transaction.virtualKey.findFirst({ where: { ...parentColumn(parent), handle }, include });
  return row ?? undefined;
}
