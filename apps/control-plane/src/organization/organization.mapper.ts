import type { Organization, OrganizationSpec } from '@penstock/contracts';
import type { Organization as StoredOrganization } from '../prisma/generated/client.ts';
import { documentOf } from '../resources/document.ts';

/** An organization belongs to itself. */
export type OrganizationRow = StoredOrganization & { readonly organizationId: string };

export function toOrganization(row: OrganizationRow): Organization {
  return documentOf('Organization', row, storedOrganizationSpec(row.spec), {});
}

/** A spec as it is stored; earlier releases stored an empty one. */
export function storedOrganizationSpec(spec: unknown): OrganizationSpec {
  return { timeZone: 'UTC', quotas: [], ...(spec as Partial<OrganizationSpec>) };
}
