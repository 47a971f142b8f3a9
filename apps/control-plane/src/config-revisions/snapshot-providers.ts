import {
  type LlmProviderSpec,
  type SnapshotModel,
  type SnapshotProvider,
  unusualTokens,
  upstreamsOf,
} from '@penstock/contracts';
import { storedProviderSpec } from '../llm-providers/stored-provider-spec.ts';
import type { SnapshotLimits } from './snapshot-limits.ts';
import { snapshotModels } from './snapshot-models.ts';
import { snapshotPolicies } from './snapshot-policies.ts';
import { SnapshotPrices } from './snapshot-prices.ts';
import type { SnapshotRows } from './snapshot-rows.ts';
import { snapshotTimeouts } from './snapshot-timeouts.ts';

/** The deployed providers. What a provider says nothing about is left out, so that snapshots stay small. */
export function snapshotProviders(rows: SnapshotRows, limits: SnapshotLimits, now: Date): SnapshotProvider[] {
  const templates = new Map(rows.templates.map((template) => [template.id, template]));
  const credentials = new Map(rows.credentials.map((credential) => [credential.providerId, credential.sealedValue]));
  const prices = new SnapshotPrices(rows, now);
  return rows.providers.flatMap((row) => {
    const template = templates.get(row.templateId);
    if (!template || row.spec.deploymentState === 'undeployed') return [];
    const spec = storedProviderSpec(row.spec);
    const sealedValue = credentials.get(row.id);
    const models = buildModels(row.id, spec, limits);
    const header = spec.upstream.auth?.header ?? template.spec.authHeader;
    const extraction = unusualTokens(template.spec, template.spec.dialect);
    return {
      id: row.id,
      name: row.name,
      organizationId: row.organizationId,
      template: template.name,
      dialect: template.spec.dialect,
      ...snapshotUpstreams(spec),
      ...snapshotPlace(spec),
      ...snapshotGuards(spec),
      apiVersion: spec.upstream.apiVersion ?? null,
      auth: sealedValue === undefined ? null : { header, sealedValue },
      timeouts: snapshotTimeouts(spec),
      maxConnections: spec.maxConnections,
      // Templates that were stored before there were profiles have none.
      profile: template.spec.profile ?? {},
      modelProfiles: template.spec.modelProfiles ?? [],
      ...(extraction && { extraction }),
      models,
      prices: prices.of({ id: row.id, organizationId: row.organizationId, template: template.name, models }),
      limits: limits.of(row),
    };
  });
}

/** The servers that get something, and whose host name they are told. */
export function snapshotUpstreams(
  spec: Pick<LlmProviderSpec, 'upstream' | 'upstreamDefinitions'>,
): Pick<SnapshotProvider, 'baseUrl' | 'upstreams' | 'hostRewrite'> {
  const servers = upstreamsOf(spec)
    .filter(({ weight }) => weight > 0)
    .map(({ url, weight }) => ({ baseUrl: url, weight }));
  const [first] = servers;
  if (!first) throw new RangeError('all upstreams have the weight 0'); // the schema does not let that pass
  return {
    baseUrl: first.baseUrl,
    ...(servers.length > 1 && { upstreams: servers }),
    ...(spec.upstream.hostRewrite === 'manual' && { hostRewrite: 'manual' }),
  };
}

/** Where a provider is reached without a proxy. */
function snapshotPlace({ context, vhost }: LlmProviderSpec): Pick<SnapshotProvider, 'context' | 'vhost'> {
  return { ...(context !== undefined && { context }), ...(vhost !== undefined && { vhost }) };
}

/** What a provider lets through. */
function snapshotGuards(spec: LlmProviderSpec): Pick<SnapshotProvider, 'accessControl' | 'policies'> {
  const { mode, exceptions } = spec.accessControl;
  const policies = snapshotPolicies(spec);
  return {
    ...((mode === 'deny_all' || exceptions.length > 0) && { accessControl: { mode, exceptions } }),
    ...(policies.length > 0 && { policies }),
  };
}

function buildModels(providerId: string, spec: LlmProviderSpec, limits: SnapshotLimits): SnapshotModel[] | null {
  const models = snapshotModels(spec);
  return models && models.map((model) => ({ ...model, limits: limits.of({ providerId, modelId: model.id }) }));
}
