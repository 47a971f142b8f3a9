import type {
  ConfigSnapshot,
  SnapshotLimit,
  SnapshotProvider,
  SnapshotProxy,
  SnapshotVirtualKey,
} from '@penstock/contracts';
import { createLogger } from '@penstock/telemetry';
import { CircuitBreakerRegistry } from '../../dispatch/circuit-breaker-registry.ts';
import { TargetLoadRegistry } from '../../dispatch/target-loads.ts';
import { TokenRatioRegistry } from '../../dispatch/token-ratios.ts';
import { RemoteKeySets } from '../../policies/jwt-auth/remote-key-sets.ts';
import { AddressGuard } from '../../upstream/address-guard.ts';
import { GuardedNetwork } from '../../upstream/guarded-network.ts';
import { UpstreamPools } from '../../upstream/upstream-pools.ts';
import type { CompileServices } from '../compile-config.ts';

export const provider = (id: string, overrides: Partial<SnapshotProvider> = {}): SnapshotProvider => ({
  id,
  name: id,
  organizationId: 'o',
  template: 'vllm',
  dialect: 'openai-chat',
  baseUrl: `http://${id}/v1`,
  apiVersion: null,
  auth: { header: 'Authorization', sealedValue: `sealed ${id}` },
  timeouts: { connectMs: 1, firstByteMs: 1, idleMs: 1, totalMs: 1 },
  maxConnections: 1,
  profile: {},
  modelProfiles: [],
  models: null,
  prices: {},
  limits: [],
  ...overrides,
});
export const proxy = (
  name: string,
  context: string,
  providerIds: readonly string[],
  limits: SnapshotLimit[] = [],
): SnapshotProxy => ({
  id: name,
  name,
  organizationId: 'o',
  context,
  authentication: 'virtual-key',
  providers: providerIds.map((providerId) => ({ providerId, alias: providerId })),
  models: [],
  unsupportedParameters: 'lenient',
  policies: [],
  limits,
});
export const key = (overrides: Partial<SnapshotVirtualKey>): SnapshotVirtualKey => ({
  id: 'k',
  name: 'k',
  organizationId: 'o',
  teamId: 't',
  secrets: [{ hash: 'h', expiresAt: null }],
  proxies: ['*'],
  models: ['*'],
  expiresAt: null,
  ipAllowList: [],
  limits: [],
  ...overrides,
});
export const snapshot = (parts: Partial<ConfigSnapshot>): ConfigSnapshot => ({
  schemaVersion: 1,
  revision: 7,
  publishedAt: '2026-01-01T00:00:00.000Z',
  organizations: [],
  providers: [],
  proxies: [],
  teams: [],
  virtualKeys: [],
  ...parts,
});

const endpoint = { handle: () => undefined };
const network = new GuardedNetwork(new AddressGuard([]));
const pools = new UpstreamPools(new AddressGuard([]));
const breakers = new CircuitBreakerRegistry();
const ratios = new TokenRatioRegistry();
const loads = new TargetLoadRegistry();
/** Services of a gateway with real registries; credentials and secrets that are `sealed …` open, `bad` ones do not. */
export const compileServices: CompileServices = {
  openCredential: (sealed) => {
    if (sealed.includes('bad')) throw new Error('sealed under another key');
    return sealed.replace('sealed', 'Bearer');
  },
  secrets: { open: (sealed) => sealed.replace('sealed ', ''), env: () => undefined },
  poolsFor: (addresses) => pools.replace(addresses),
  breakersFor: (ids) => breakers.replace(ids),
  ratiosFor: (ids) => ratios.replace(ids),
  loadsFor: (ids) => loads.replace(ids),
  proxyEndpoints: [{ method: 'POST', path: '/chat/completions', versioned: true, endpoint }],
  systemEndpoints: [{ method: 'GET', path: '/health', versioned: false, endpoint }],
  policies: {
    logger: createLogger({ name: 'test', level: 'silent' }),
    now: () => 0,
    random: () => 0,
    countIntervention: () => undefined,
    answers: null,
    onCacheLookUp: () => undefined,
    similarAnswers: null,
    onSemanticLookUp: () => undefined,
    embedder: { embed: () => Promise.reject(new Error('none')) },
    network,
    publicNetwork: network,
    keySets: new RemoteKeySets({ network, now: () => 0, onFault: () => undefined }),
  },
};
