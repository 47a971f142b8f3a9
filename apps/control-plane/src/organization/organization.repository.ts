import type { Transaction } from '../prisma/prisma.service.ts';
import { type NewRow, ResourceRepository, type RowSelection } from '../resources/resource-repository.ts';
import type { ResourceDelegate } from '../resources/resource-row.ts';
import { type OrganizationRow, storedOrganizationSpec } from './organization.mapper.ts';

/** The table of organizations has no column that says to which one a row belongs. */
class OrganizationRepository extends ResourceRepository<OrganizationRow> {
  constructor() {
    super((client) => client.organization as unknown as ResourceDelegate<OrganizationRow>);
  }

  override async find(client: Transaction, id: string, name: string): Promise<OrganizationRow | undefined> {
    const row = await client.organization.findFirst({ where: { id, name } });
    return row ? { ...row, organizationId: id } : undefined;
  }

  override async select(
    client: Transaction,
    id: string,
    { names, label }: RowSelection,
  ): Promise<readonly OrganizationRow[]> {
    const row = await client.organization.findUnique({ where: { id } });
    const labels = row?.labels as Readonly<Record<string, string>> | undefined;
    if (!row || names?.includes(row.name) === false || (label && labels?.[label.key] !== label.value)) return [];
    return [{ ...row, organizationId: id }];
  }

  override async update(client: Transaction, id: string, row: NewRow, now: Date): Promise<OrganizationRow> {
    return { ...(await super.update(client, id, row, now)), organizationId: id };
  }
}

export const organizationRepository = new OrganizationRepository();

/** IANA name of the zone in which the organization's days begin. */
export async function organizationTimeZone(client: Transaction, organizationId: string): Promise<string> {
  const row = await client.organization.findUnique({ where: { id: organizationId }, select: { spec: true } });
  return storedOrganizationSpec(row?.spec).timeZone;
}
