import type { Transaction } from '../prisma/prisma.service.ts';
import type { ResourceDelegate } from '../resources/resource-row.ts';
import { ResourceRepository } from '../resources/resource-repository.ts';
import type { KeyRow } from './virtual-key.mapper.ts';

export const virtualKeysRepository = new ResourceRepository<KeyRow>(
  (client) => client.virtualKey as unknown as ResourceDelegate<KeyRow>,
  { secrets: { orderBy: { createdAt: 'desc' } } },
);

/** What is stored of a secret that was just made. */
export interface NewSecret {
  readonly hash: string;
  readonly prefix: string;
  readonly lastFour: string;
}

export async function insertSecret(
  transaction: Transaction,
  owner: { readonly organizationId: string; readonly virtualKeyId: string },
  secret: NewSecret,
  now: Date,
): Promise<void> {
  await transaction.virtualKeySecret.create({ data: { ...owner, ...secret, createdAt: now } });
}

/** Lets the current secret live until `expiresAt` and removes those before it. */
export async function retireSecrets(transaction: Transaction, row: KeyRow, expiresAt: Date): Promise<void> {
  const [current, ...older] = row.secrets;
  await transaction.virtualKeySecret.deleteMany({ where: { id: { in: older.map(({ id }) => id) } } });
  if (current) await transaction.virtualKeySecret.update({ where: { id: current.id }, data: { expiresAt } });
}
