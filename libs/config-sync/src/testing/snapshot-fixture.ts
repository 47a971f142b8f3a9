import type {
  ConfigSnapshot,
  SnapshotOrganization,
  SnapshotProvider,
  SnapshotProxy,
  SnapshotTeam,
  SnapshotVirtualKey,
} from '@penstock/contracts';
import { deriveKeys } from '@penstock/secrets';

/** Keys that sign the snapshots of tests, and others that must not be able to. */
export const keys = deriveKeys(Buffer.alloc(32, 7).toString('base64'));
export const otherKeys = deriveKeys(Buffer.alloc(32, 8).toString('base64'));

export const organizationId = uuid(1);

/** A UUID that is made of a number. */
export function uuid(number: number): string {
  return `00000000-0000-4000-8000-${number.toString(16).padStart(12, '0')}`;
}

export function organization(changes: Partial<SnapshotOrganization> = {}): SnapshotOrganization {
  return { id: organizationId, name: 'default', timeZone: 'Europe/Berlin', limits: [], reseeded: true, ...changes };
}

export function provider(number: number, changes: Partial<SnapshotProvider> = {}): SnapshotProvider {
  return {
    id: uuid(1_000_000 + number),
    name: `provider-${number}`,
    organizationId,
    template: 'vllm',
    dialect: 'openai-chat',
    baseUrl: 'http://127.0.0.1:18000/v1',
    apiVersion: null,
    auth: { header: 'authorization', sealedValue: 'v1.key.wrapped.sealed' },
    timeouts: { connectMs: 1_000, firstByteMs: 30_000, idleMs: 30_000, totalMs: 0 },
    maxConnections: 100,
    profile: {},
    modelProfiles: [],
    models: [{ id: 'small', upstreamModel: 'vendor/small', profile: {}, limits: [] }],
    prices: {},
    limits: [],
    ...changes,
  };
}

export function proxy(number: number, changes: Partial<SnapshotProxy> = {}): SnapshotProxy {
  return {
    id: uuid(2_000_000 + number),
    name: `proxy-${number}`,
    organizationId,
    context: `/proxy-${number}`,
    authentication: 'virtual-key',
    providers: [{ providerId: uuid(1_000_001), alias: 'primary' }],
    models: [],
    unsupportedParameters: 'lenient',
    policies: [],
    limits: [],
    ...changes,
  };
}

export function team(number: number, changes: Partial<SnapshotTeam> = {}): SnapshotTeam {
  return {
    id: uuid(3_000_000 + number),
    name: `team-${number}`,
    organizationId,
    suspended: false,
    limits: [],
    keyLimits: [],
    ...changes,
  };
}

export function virtualKey(number: number, changes: Partial<SnapshotVirtualKey> = {}): SnapshotVirtualKey {
  return {
    id: uuid(4_000_000 + number),
    name: `key-${number}`,
    organizationId,
    teamId: uuid(3_000_001),
    secrets: [{ hash: `hash-${number}`.padEnd(43, 'x'), expiresAt: null }],
    proxies: ['*'],
    models: ['*'],
    expiresAt: null,
    ipAllowList: [],
    limits: [
      {
        quota: 'small',
        id: 'small/requests/minute',
        limit: { unit: 'requests', window: 'minute', max: 60, mode: 'enforce' },
      },
    ],
    ...changes,
  };
}

/** A snapshot with one entity of each kind. */
export function snapshot(revision: number, changes: Partial<ConfigSnapshot> = {}): ConfigSnapshot {
  return {
    schemaVersion: 1,
    revision,
    publishedAt: '2026-01-01T00:00:00.000Z',
    organizations: [organization()],
    providers: [provider(1)],
    proxies: [proxy(1)],
    teams: [team(1)],
    virtualKeys: [virtualKey(1)],
    secrets: [],
    ...changes,
  };
}
