import { OrganizationSpec } from '@penstock/contracts';
import type { PrismaClient } from '../prisma/generated/client.ts';

/** In which time zone an organization's days begin; UTC where it does not say. */
export async function reportingZone(
  client: Pick<PrismaClient, 'organization'>,
  organizationId: string,
): Promise<string> {
  const row = await client.organization.findUnique({ where: { id: organizationId }, select: { spec: true } });
  return OrganizationSpec.pick({ timeZone: true })
    .strip()
    .parse(row?.spec ?? {}).timeZone;
}
