import {
  type ConfigSnapshot,
  SNAPSHOT_SCHEMA_VERSION,
  type SnapshotOrganization,
  type SnapshotTeam,
  type SnapshotVirtualKey,
} from '@penstock/contracts';
import { storedOrganizationSpec } from '../organization/organization.mapper.ts';
import { SnapshotLimits } from './snapshot-limits.ts';
import { snapshotProviders } from './snapshot-providers.ts';
import { snapshotProxies } from './snapshot-proxies.ts';
import type { SnapshotRows } from './snapshot-rows.ts';
import { snapshotSecrets } from './snapshot-secrets.ts';

type Row<Table extends Exclude<keyof SnapshotRows, 'priceCatalogs' | 'secrets' | 'proxyCredentials'>> =
  SnapshotRows[Table][number];

/** Builds the data plane's config from the tables. Pure; what is undeployed, disabled, revoked or expired is left out. */
export function buildSnapshot(rows: SnapshotRows, revision: number, now: Date): ConfigSnapshot {
  const limits = new SnapshotLimits(rows);
  const providers = snapshotProviders(rows, limits, now);
  const proxies = snapshotProxies(rows, new Set(providers.map((provider) => provider.id)), limits);
  const secrets = snapshotSecrets(rows, { providers, proxies });
  return {
    schemaVersion: SNAPSHOT_SCHEMA_VERSION,
    revision,
    publishedAt: now.toISOString(),
    organizations: rows.organizations.map((organization) => buildOrganization(organization, limits)),
    providers,
    proxies,
    teams: rows.teams.map((team) => buildTeam(team, limits)),
    virtualKeys: buildVirtualKeys(rows, limits, now),
    ...(secrets.length > 0 && { secrets }),
  };
}

function buildOrganization({ id, name, spec }: Row<'organizations'>, limits: SnapshotLimits): SnapshotOrganization {
  const { timeZone } = storedOrganizationSpec(spec);
  // A control plane always comes with a worker, which writes lost ledgers back.
  return { id, name, timeZone, limits: limits.of({ id }), reseeded: true };
}

function buildTeam({ id, name, organizationId, spec }: Row<'teams'>, limits: SnapshotLimits): SnapshotTeam {
  const keyLimits = limits.of({ eachKeyOfTeam: id });
  return { id, name, organizationId, suspended: spec.suspended, limits: limits.of({ id }), keyLimits };
}

function buildVirtualKeys(rows: SnapshotRows, limits: SnapshotLimits, now: Date): SnapshotVirtualKey[] {
  const providerNames = new Map(rows.providers.map(({ id, name }) => [id, name]));
  const secrets = Map.groupBy(rows.virtualKeySecrets, (secret) => secret.virtualKeyId);
  return rows.virtualKeys.flatMap((row) => {
    const { spec } = row;
    const expiresAt = spec.expiresAt === null ? null : new Date(spec.expiresAt);
    const living = (secrets.get(row.id) ?? []).filter((secret) => secret.expiresAt === null || secret.expiresAt > now);
    const provider = row.parentProviderId == null ? undefined : providerNames.get(row.parentProviderId);
    if (!spec.enabled || living.length === 0 || (expiresAt && expiresAt <= now)) return [];
    return {
      id: row.id,
      name: row.name,
      organizationId: row.organizationId,
      teamId: row.teamId,
      secrets: living.slice(0, 2).map((secret) => ({
        hash: secret.hash,
        expiresAt: secret.expiresAt?.toISOString() ?? null,
      })),
      proxies: spec.proxies,
      ...(provider !== undefined && { providers: [provider] }),
      models: spec.models,
      expiresAt: expiresAt?.toISOString() ?? null,
      ipAllowList: spec.ipAllowList,
      limits: limits.of(row),
    };
  });
}
