import {
  type ConfigSnapshot,
  type SnapshotLimit,
  type SnapshotProvider,
  type SnapshotProxy,
  type SnapshotVirtualKey,
  VLLM_PROFILE,
} from '@penstock/contracts';
import type { StandaloneSettings } from './standalone-settings.ts';

const ORGANIZATION = '00000000-0000-4000-8000-000000000000';
const PROVIDER = '00000000-0000-4000-8000-000000000001';
const PROXY = '00000000-0000-4000-8000-000000000002';
const TEAM = '00000000-0000-4000-8000-000000000003';
const KEY = '00000000-0000-4000-8000-000000000004';
const IDLE_TIMEOUT_MS = 60_000;

/** The config that the environment describes: one vLLM, one proxy at the root, and one key for the bearer token. */
export function standaloneSnapshot(settings: StandaloneSettings, hash: (token: string) => string): ConfigSnapshot {
  const limits = requestLimits(settings.requestsPerMinute);
  const isOpen = settings.bearerToken === undefined;
  const team = { id: TEAM, name: 'default', organizationId: ORGANIZATION, suspended: false, limits: [], keyLimits: [] };
  return {
    schemaVersion: 1,
    revision: 1,
    publishedAt: new Date().toISOString(),
    organizations: [],
    providers: [provider(settings)],
    proxies: [proxy(isOpen, limits)],
    teams: [team],
    virtualKeys: settings.bearerToken === undefined ? [] : [virtualKey(hash(settings.bearerToken), limits)],
  };
}

function provider(settings: StandaloneSettings): SnapshotProvider {
  const { defaultModelId, requestTimeoutMs } = settings;
  return {
    id: PROVIDER,
    name: 'vllm',
    organizationId: ORGANIZATION,
    template: 'vllm',
    dialect: 'openai-chat',
    baseUrl: settings.upstreamUrl,
    apiVersion: null,
    auth: null,
    timeouts: {
      connectMs: 3000,
      firstByteMs: requestTimeoutMs,
      idleMs: Math.min(IDLE_TIMEOUT_MS, requestTimeoutMs),
      totalMs: requestTimeoutMs,
    },
    maxConnections: 1024,
    profile: VLLM_PROFILE,
    modelProfiles: [],
    models:
      defaultModelId === undefined
        ? null
        : [{ id: defaultModelId, upstreamModel: defaultModelId, profile: {}, limits: [] }],
    prices: {},
    limits: [],
  };
}

function proxy(isOpen: boolean, limits: SnapshotLimit[]): SnapshotProxy {
  return {
    id: PROXY,
    name: 'standalone',
    organizationId: ORGANIZATION,
    context: '/',
    authentication: isOpen ? 'none' : 'virtual-key',
    providers: [{ providerId: PROVIDER, alias: 'vllm' }],
    models: [],
    unsupportedParameters: 'lenient',
    policies: [],
    limits: isOpen ? limits : [],
  };
}

function virtualKey(hash: string, limits: SnapshotLimit[]): SnapshotVirtualKey {
  return {
    id: KEY,
    name: 'bearer-token',
    organizationId: ORGANIZATION,
    teamId: TEAM,
    secrets: [{ hash, expiresAt: null }],
    proxies: ['*'],
    models: ['*'],
    expiresAt: null,
    ipAllowList: [],
    limits,
  };
}

function requestLimits(perMinute: number): SnapshotLimit[] {
  if (perMinute === 0) return [];
  const limit = { unit: 'requests', window: 'minute', max: perMinute, burst: perMinute, mode: 'enforce' } as const;
  return [{ quota: 'standalone', id: 'standalone/requests/minute', limit }];
}
