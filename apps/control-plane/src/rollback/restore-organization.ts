import { canonicalJson } from '../common/canonical-json.ts';
import { type OrganizationRow, storedOrganizationSpec, toOrganization } from '../organization/organization.mapper.ts';
import { organizationRepository } from '../organization/organization.repository.ts';
import { ownQuotas } from '../resources/quota-attachments.ts';
import { quotaNames } from './quota-names.ts';
import type { RestorableKind, Restoration } from './restoration.ts';
import { tighterQuotas } from './tighter.ts';

const organizationKind: RestorableKind<OrganizationRow> = {
  kind: 'Organization',
  repository: organizationRepository,
  describe: toOrganization,
};

/**
 * Gives the organization the time zone of then, and takes back quotas that were taken off since; those that it was given
 * since stay. Revisions of earlier releases tell nothing of organizations: then it stays as it is.
 */
export async function restoreOrganization(restoration: Restoration): Promise<void> {
  for (const { name, timeZone, limits } of restoration.earlier.organizations) {
    const existing = await restoration.find(organizationKind, name);
    if (!existing) continue; // organizations are neither renamed nor deleted
    const spec = storedOrganizationSpec(existing.spec);
    const quotas = [...tighterQuotas(quotaNames(limits), spec.quotas)];
    const restored = { ...spec, timeZone, quotas };
    if (canonicalJson(restored) === canonicalJson(spec)) continue;
    const attach = (id: string): Promise<void> =>
      restoration.attach({ subjectOrganizationId: id }, [ownQuotas(restored)]);
    await restoration.write(organizationKind, { name, existing, spec: restored, attach });
  }
}
