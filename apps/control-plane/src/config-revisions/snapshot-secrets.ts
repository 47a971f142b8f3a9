import type { SnapshotProvider, SnapshotSecret } from '@penstock/contracts';
import type { SnapshotRows } from './snapshot-rows.ts';

/** The secrets that deployed providers refer to; no other one leaves the database. */
export function snapshotSecrets(
  { credentials, secrets = [] }: Pick<SnapshotRows, 'credentials' | 'secrets'>,
  providers: readonly SnapshotProvider[],
): SnapshotSecret[] {
  const namesByProvider = new Map(credentials.map(({ providerId, secretNames = [] }) => [providerId, secretNames]));
  const wanted = new Set(
    providers.flatMap(({ id, organizationId }) =>
      (namesByProvider.get(id) ?? []).map((name) => `${organizationId}/${name}`),
    ),
  );
  return secrets.filter(({ organizationId, name }) => wanted.has(`${organizationId}/${name}`));
}
