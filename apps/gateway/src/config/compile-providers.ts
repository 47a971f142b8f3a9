import type { SnapshotProvider } from '@penstock/contracts';
import { adapterFor, ModelProfiles, type ProviderAdapter } from '@penstock/providers';
import type { CompileServices } from './compile-config.ts';
import { compileLimits } from './compile-limits.ts';
import type { Organizations } from './compile-organizations.ts';
import type { CompiledLimit, CompiledProvider } from './compiled-config.ts';
import { compileRules } from './compile-rules.ts';
import { compileServers, serverAddresses, serverNames } from './compile-servers.ts';
import { TokenExtraction } from '../dispatch/token-extraction.ts';
import { limitSet, type LimitSet } from './limit-set.ts';
import type { ReferencedSecrets } from './referenced-secrets.ts';

/** What may stand in a header, once references are resolved. */
const HEADER_VALUE = /^[\x20-\x7e]{1,16384}$/;

/** A provider whose credential is open. */
export interface UsableProvider {
  readonly provider: SnapshotProvider;
  readonly adapter: ProviderAdapter;
  readonly origin: string;
  readonly auth: CompiledProvider['auth'];
  readonly rules: CompiledProvider['rules'];
}

/** The provider with its credential in the clear, or the reason why it cannot be used. */
export function openProvider(
  provider: SnapshotProvider,
  services: Pick<CompileServices, 'openCredential' | 'policies'>,
  secrets: ReferencedSecrets,
): UsableProvider | string {
  const adapter = adapterFor(provider.template, provider.dialect);
  try {
    const owner = { organizationId: provider.organizationId, providerId: provider.id };
    const auth = provider.auth && {
      header: provider.auth.header,
      value: headerValue(services.openCredential(provider.auth.sealedValue, owner), owner.organizationId, secrets),
    };
    const rules = compileRules(provider, { ...services.policies, secrets });
    return { provider, adapter, origin: new URL(provider.baseUrl).origin, auth, rules };
  } catch (error) {
    return error instanceof Error ? error.message : 'its credential cannot be opened';
  }
}

/** Throws with the reason why the credential cannot be sent. */
export function headerValue(credential: string, organizationId: string, secrets: ReferencedSecrets): string {
  if (!credential.includes('{{')) return credential;
  const value = secrets.resolve(organizationId, credential);
  if (HEADER_VALUE.test(value)) return value;
  throw new Error('its credential is no HTTP header value once its references are resolved');
}

/** Providers by id, with the connections, circuit breakers and experience that they had under the last config. */
export function compileProviders(
  usable: readonly UsableProvider[],
  organizations: Organizations,
  services: CompileServices,
): ReadonlyMap<string, CompiledProvider> {
  const pools = services.poolsFor(
    usable.flatMap(({ provider, origin }) => [
      {
        providerId: provider.id,
        origin,
        maxConnections: provider.maxConnections,
        connectTimeoutMs: provider.timeouts.connectMs,
      },
      ...serverAddresses(provider),
    ]),
  );
  const ids = new Set(usable.map(({ provider }) => provider.id));
  const breakers = services.breakersFor(new Set([...ids, ...usable.flatMap(({ provider }) => serverNames(provider))]));
  const ratios = services.ratiosFor(ids);
  const loads = services.loadsFor(ids);
  return new Map(
    usable.flatMap((one): [string, CompiledProvider][] => {
      const { id } = one.provider;
      const [pool, own, learned, load] = [pools.get(id), breakers.get(id), ratios.get(id), loads.get(id)];
      if (!pool || !own || !learned || !load) return [];
      const servers = compileServers(one.provider, pools, breakers);
      const known = { pool, breakers: own, ratios: learned, loads: load, servers };
      return [[id, { ...compileProvider(one, organizations), ...known }]];
    }),
  );
}

function compileProvider(
  { provider, adapter, auth, rules }: UsableProvider,
  organizations: Organizations,
): Omit<CompiledProvider, 'pool' | 'breakers' | 'ratios' | 'loads' | 'servers'> {
  const { id, name, baseUrl, apiVersion, timeouts } = provider;
  const scope = organizations.scopeOf(provider.organizationId);
  const subject = { kind: 'provider', name, subject: `provider:${id}`, providerId: id } as const;
  const limits = compileLimits(scope, subject, provider.limits);
  return {
    id,
    name,
    baseUrl,
    apiVersion,
    adapter,
    profiles: new ModelProfiles(provider),
    extraction: provider.extraction ? new TokenExtraction(provider.extraction, provider.dialect) : null,
    auth,
    timeouts,
    keepsHost: provider.hostRewrite === 'manual',
    context: provider.context ?? null,
    rules,
    modelIds: new Set(provider.models?.map((model) => model.id)),
    tokenSeries: new Map(),
    prices: new Map(Object.entries(provider.prices)),
    limits: limitSet(limits),
    modelLimits: modelLimitsOf(provider, limits, organizations),
  };
}

/** Of the models that have limits of their own: these, after those of the provider. */
function modelLimitsOf(
  { id, organizationId, models }: SnapshotProvider,
  shared: readonly CompiledLimit[],
  organizations: Organizations,
): ReadonlyMap<string, LimitSet> {
  const scope = organizations.scopeOf(organizationId);
  const limited = (models ?? []).filter(({ limits }) => limits.length > 0);
  return new Map(
    limited.map((model) => {
      const subject = `provider:${id}/model:${model.id}`;
      const own = compileLimits(scope, { kind: 'model', name: model.id, subject, providerId: id }, model.limits);
      return [model.id, limitSet(shared, own)];
    }),
  );
}
