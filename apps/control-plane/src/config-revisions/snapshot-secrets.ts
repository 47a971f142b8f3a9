import type { SnapshotProvider, SnapshotProxy, SnapshotSecret } from '@penstock/contracts';
import { snapshotPolicySecrets } from '../secrets/policy-references.ts';
import type { SnapshotRows } from './snapshot-rows.ts';

/** What may refer to secrets: with its credentials, and in its policies. */
type Referring = Pick<SnapshotProvider | SnapshotProxy, 'id' | 'organizationId' | 'policies'>;

/** What is deployed. */
interface Deployed {
  readonly providers: readonly Referring[];
  readonly proxies: readonly Referring[];
}

/** The secrets that deployed providers and proxies refer to; no other one leaves the database. */
export function snapshotSecrets(
  {
    credentials,
    proxyCredentials = [],
    secrets = [],
  }: Pick<SnapshotRows, 'credentials' | 'proxyCredentials' | 'secrets'>,
  { providers, proxies }: Deployed,
): SnapshotSecret[] {
  const namesByOwner = new Map<string, readonly string[]>();
  for (const { providerId, secretNames = [] } of credentials) namesByOwner.set(providerId, secretNames);
  for (const { proxyId, secretNames } of proxyCredentials) {
    namesByOwner.set(proxyId, [...(namesByOwner.get(proxyId) ?? []), ...secretNames]);
  }
  const wanted = new Set(
    [...providers, ...proxies].flatMap(({ id, organizationId, policies }) =>
      [...(namesByOwner.get(id) ?? []), ...snapshotPolicySecrets(policies)].map((name) => `${organizationId}/${name}`),
    ),
  );
  return secrets.filter(({ organizationId, name }) => wanted.has(`${organizationId}/${name}`));
}
