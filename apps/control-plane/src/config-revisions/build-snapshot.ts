import {
  type ConfigSnapshot,
  SNAPSHOT_SCHEMA_VERSION,
  type SnapshotModel,
  type SnapshotOrganization,
  type SnapshotProvider,
  type SnapshotProxy,
  type SnapshotTeam,
  type SnapshotVirtualKey,
} from '@penstock/contracts';
import { storedOrganizationSpec } from '../organization/organization.mapper.ts';
import { SnapshotLimits } from './snapshot-limits.ts';
import { snapshotModels } from './snapshot-models.ts';
import { snapshotPolicies } from './snapshot-policies.ts';
import { SnapshotPrices } from './snapshot-prices.ts';
import type { SnapshotRows } from './snapshot-rows.ts';
import { snapshotSecrets } from './snapshot-secrets.ts';
import { snapshotTimeouts } from './snapshot-timeouts.ts';

type Row<Table extends Exclude<keyof SnapshotRows, 'priceCatalogs' | 'secrets'>> = SnapshotRows[Table][number];

/** Builds the data plane's config from the tables. Pure; what is undeployed, disabled, revoked or expired is left out. */
export function buildSnapshot(rows: SnapshotRows, revision: number, now: Date): ConfigSnapshot {
  const limits = new SnapshotLimits(rows);
  const providers = buildProviders(rows, limits, now);
  const secrets = snapshotSecrets(rows, providers);
  return {
    schemaVersion: SNAPSHOT_SCHEMA_VERSION,
    revision,
    publishedAt: now.toISOString(),
    organizations: rows.organizations.map((organization) => buildOrganization(organization, limits)),
    providers,
    proxies: buildProxies(rows, new Set(providers.map((provider) => provider.id)), limits),
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

function buildProviders(rows: SnapshotRows, limits: SnapshotLimits, now: Date): SnapshotProvider[] {
  const templates = new Map(rows.templates.map((template) => [template.id, template]));
  const credentials = new Map(rows.credentials.map((credential) => [credential.providerId, credential.sealedValue]));
  const prices = new SnapshotPrices(rows, now);
  return rows.providers.flatMap((row) => {
    const template = templates.get(row.templateId);
    if (!template || row.spec.deploymentState === 'undeployed') return [];
    const sealedValue = credentials.get(row.id);
    const models = buildModels(row, limits);
    const header = row.spec.upstream.auth?.header ?? template.spec.authHeader;
    return {
      id: row.id,
      name: row.name,
      organizationId: row.organizationId,
      template: template.name,
      dialect: template.spec.dialect,
      baseUrl: row.spec.upstream.url,
      apiVersion: row.spec.upstream.apiVersion ?? null,
      auth: sealedValue === undefined ? null : { header, sealedValue },
      timeouts: snapshotTimeouts(row.spec),
      maxConnections: row.spec.maxConnections,
      // Templates that were stored before there were profiles have none.
      profile: template.spec.profile ?? {},
      modelProfiles: template.spec.modelProfiles ?? [],
      models,
      prices: prices.of({ id: row.id, organizationId: row.organizationId, template: template.name, models }),
      limits: limits.of(row),
    };
  });
}

function buildModels({ id, spec }: Row<'providers'>, limits: SnapshotLimits): SnapshotModel[] | null {
  const models = snapshotModels(spec);
  return models && models.map((model) => ({ ...model, limits: limits.of({ providerId: id, modelId: model.id }) }));
}

function buildProxies(rows: SnapshotRows, deployed: ReadonlySet<string>, limits: SnapshotLimits): SnapshotProxy[] {
  const providersByProxy = Map.groupBy(rows.proxyProviders, (row) => row.proxyId);
  return rows.proxies.flatMap((row) => {
    const [primary, ...additional] = providersByProxy.get(row.id) ?? [];
    // Without its primary a proxy is left out: another provider must not silently take its place.
    if (row.spec.deploymentState === 'undeployed' || !primary || !deployed.has(primary.providerId)) return [];
    const providers = [primary, ...additional.filter(({ providerId }) => deployed.has(providerId))];
    return {
      id: row.id,
      name: row.name,
      organizationId: row.organizationId,
      context: row.spec.context,
      authentication: row.spec.authentication,
      providers: providers.map(({ providerId, alias }) => ({ providerId, alias })),
      models: proxyModels(row, providers),
      unsupportedParameters: row.spec.unsupportedParameters ?? 'lenient',
      policies: snapshotPolicies(row.spec),
      limits: limits.of(row),
    };
  });
}

/** Targets name providers by alias; those of undeployed providers fall away, and a model without targets with them. */
function proxyModels(row: Row<'proxies'>, providers: readonly Row<'proxyProviders'>[]): SnapshotProxy['models'] {
  const idByAlias = new Map(providers.map(({ alias, providerId }) => [alias, providerId]));
  return row.spec.models.flatMap(({ name, targets }) => {
    const reachable = targets.flatMap(({ provider, model, weight, priority }) => {
      const providerId = idByAlias.get(provider);
      return providerId === undefined ? [] : { providerId, model, weight, priority };
    });
    return reachable.length === 0 ? [] : { name, targets: reachable };
  });
}

function buildTeam({ id, name, organizationId, spec }: Row<'teams'>, limits: SnapshotLimits): SnapshotTeam {
  const keyLimits = limits.of({ eachKeyOfTeam: id });
  return { id, name, organizationId, suspended: spec.suspended, limits: limits.of({ id }), keyLimits };
}

function buildVirtualKeys(rows: SnapshotRows, limits: SnapshotLimits, now: Date): SnapshotVirtualKey[] {
  const secrets = Map.groupBy(rows.virtualKeySecrets, (secret) => secret.virtualKeyId);
  return rows.virtualKeys.flatMap((row) => {
    const { spec } = row;
    const expiresAt = spec.expiresAt === null ? null : new Date(spec.expiresAt);
    const living = (secrets.get(row.id) ?? []).filter((secret) => secret.expiresAt === null || secret.expiresAt > now);
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
      models: spec.models,
      expiresAt: expiresAt?.toISOString() ?? null,
      ipAllowList: spec.ipAllowList,
      limits: limits.of(row),
    };
  });
}
