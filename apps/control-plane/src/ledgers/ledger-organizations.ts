import { OrganizationSpec } from '@penstock/contracts';
import type { PrismaClient } from '../prisma/generated/client.ts';

/** An organization as its ledgers see it. */
export interface LedgerOrganization {
  readonly id: string;
  readonly name: string;
  /** In which windows begin. */
  readonly timeZone: string;
  /** When it was last written, epoch ms. */
  readonly writtenAtMs: number;
}

const MAX_ORGANIZATIONS = 10_000;

export async function ledgerOrganizations(client: PrismaClient): Promise<LedgerOrganization[]> {
  const rows = await client.organization.findMany({
    select: { id: true, name: true, spec: true, updatedAt: true },
    orderBy: { id: 'asc' },
    take: MAX_ORGANIZATIONS,
  });
  // A spec that was never written is `{}`.
  return rows.map(({ id, name, spec, updatedAt }) => {
    const { timeZone } = OrganizationSpec.parse(spec);
    return { id, name, timeZone, writtenAtMs: updatedAt.getTime() };
  });
}
