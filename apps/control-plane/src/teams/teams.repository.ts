import type { Team } from '../prisma/generated/client.ts';
import type { Transaction } from '../prisma/prisma.service.ts';
import type { ResourceDelegate } from '../resources/resource-row.ts';
import { ResourceRepository } from '../resources/resource-repository.ts';

export const teamsRepository = new ResourceRepository<Team>(
  (client) => client.team as unknown as ResourceDelegate<Team>,
);

/** The virtual keys of the team. */
export async function teamReferences(transaction: Transaction, team: Team): Promise<readonly string[]> {
  const keys = await transaction.virtualKey.findMany({ where: { teamId: team.id }, select: { name: true }, take: 101 });
  return keys.map((key) => `VirtualKey ${key.name}`);
}
