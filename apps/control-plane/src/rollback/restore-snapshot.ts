import type { ConfigSnapshot } from '@penstock/contracts';
import { freePlaces } from './free-places.ts';
import type { Restoration } from './restoration.ts';
import { restoreAccess } from './restore-access.ts';
import { restoreOrganization } from './restore-organization.ts';
import { restoreProviders } from './restore-providers.ts';
import { restoreProxies } from './restore-proxies.ts';
import { restoreQuotas } from './restore-quotas.ts';

/**
 * Writes the state of an earlier snapshot back into the tables, so that the next change builds upon it. Quotas, providers and
 * proxies come back as they were; credentials, prices, the organization, teams and keys as far as that opens nothing that is
 * closed by now.
 * `current`: what the tables hold before.
 */
export async function restoreSnapshot(restoration: Restoration, current: ConfigSnapshot): Promise<void> {
  await restoreQuotas(restoration);
  await restoreOrganization(restoration);
  await freePlaces(restoration);
  await restoreProviders(restoration);
  await restoreProxies(restoration);
  await restoreAccess(restoration, current);
}
