import { randomUUID } from 'node:crypto';
import { RedisSnapshotPublisher, sealSnapshot } from '@penstock/config-sync';
import {
  type ConfigSnapshot,
  type Limit,
  limitId,
  type SnapshotLimit,
  type SnapshotModel,
  type SnapshotOrganization,
  type SnapshotProvider,
  type SnapshotProxy,
  type SnapshotSecret,
  type SnapshotTeam,
  type SnapshotVirtualKey,
} from '@penstock/contracts';
import { createVirtualKey, deriveKeys, hashVirtualKey, sealCredential, sealSecret } from '@penstock/secrets';
import { Redis } from 'ioredis';

const ORGANIZATION = '00000000-0000-4000-8000-000000000001';
const TEAM = '00000000-0000-4000-8000-000000000002';
const TIMEOUTS = { connectMs: 2000, firstByteMs: 10_000, idleMs: 10_000, totalMs: 60_000 };

/** Base64 of 32 bytes that are not secret at all. */
export const MASTER_KEY = Buffer.from(Array.from({ length: 32 }, (_, index) => index * 7 + 1)).toString('base64');

/** The credential that every provider of a test config sends. */
export const UPSTREAM_CREDENTIAL = 'Bearer upstream-secret-0123456789';

const keys = deriveKeys(MASTER_KEY);

/** Limits as a snapshot has them. */
export function snapshotLimits(
  ...limits: readonly (Omit<Limit, 'mode'> & { mode?: Limit['mode'] })[]
): SnapshotLimit[] {
  return limits.map((limit) => ({
    quota: 'small',
    id: limitId('small', limit),
    limit: { mode: 'enforce', ...limit },
  }));
}

type ProviderOptions = Partial<Omit<SnapshotProvider, 'models'>> & {
  readonly models?: readonly (string | SnapshotModel)[] | null;
  /** What is sent upstream; `UPSTREAM_CREDENTIAL` where it is left out. */
  readonly credential?: { readonly header: string; readonly value: string };
};

/** A config that a test builds and publishes as the control plane would. */
export class TestConfig {
  readonly #organizations: SnapshotOrganization[] = [];
  readonly #teams: SnapshotTeam[] = [];
  readonly #providers: SnapshotProvider[] = [];
  readonly #proxies: SnapshotProxy[] = [];
  readonly #secrets: SnapshotSecret[] = [];
  #virtualKeys: SnapshotVirtualKey[] = [];
  #revision = 0;
  suspended = false;

  /** Adds an organization, or says more of the one that everything is in unless it says its own. */
  organization(name: string, options: Partial<SnapshotOrganization> = {}): SnapshotOrganization {
    const organization = { id: ORGANIZATION, name, timeZone: 'UTC', limits: [], reseeded: false, ...options };
    this.#organizations.push(organization);
    return organization;
  }

  /** Adds a team beside the one that keys are in unless they say their own. */
  team(name: string, options: Partial<SnapshotTeam> = {}): SnapshotTeam {
    const lists = { limits: [], keyLimits: [] };
    const team = { id: randomUUID(), name, organizationId: ORGANIZATION, suspended: false, ...lists, ...options };
    this.#teams.push(team);
    return team;
  }

  /** Adds a provider that serves `models` (null: any), each under the upstream name `up/<model>` unless it says its own. */
  provider(name: string, baseUrl: string, options: ProviderOptions = {}): SnapshotProvider {
    const id = randomUUID();
    const { models = ['m'], credential, ...overrides } = options;
    const provider: SnapshotProvider = {
      id,
      name,
      organizationId: ORGANIZATION,
      template: 'vllm',
      dialect: 'openai-chat',
      baseUrl,
      apiVersion: null,
      auth: {
        header: credential?.header ?? 'Authorization',
        sealedValue: sealCredential(credential?.value ?? UPSTREAM_CREDENTIAL, keys, {
          organizationId: overrides.organizationId ?? ORGANIZATION,
          providerId: id,
        }),
      },
      timeouts: TIMEOUTS,
      maxConnections: 100,
      profile: {},
      modelProfiles: [],
      prices: {
        m: [
          {
            version: 'p1',
            inputPerMillion: 1_000_000,
            outputPerMillion: 2_000_000,
            cachedInputPerMillion: 0,
            reasoningPerMillion: 0,
            effectiveFrom: null,
          },
        ],
      },
      limits: [],
      ...overrides,
      models: models?.map(asModel) ?? null,
    };
    this.#providers.push(provider);
    return provider;
  }

  proxy(
    name: string,
    context: string,
    providers: readonly SnapshotProvider[],
    overrides: Partial<SnapshotProxy> = {},
  ): SnapshotProxy {
    const proxy: SnapshotProxy = {
      id: randomUUID(),
      name,
      organizationId: ORGANIZATION,
      context,
      authentication: 'virtual-key',
      providers: providers.map((provider) => ({ providerId: provider.id, alias: provider.name })),
      models: [],
      unsupportedParameters: 'lenient',
      policies: [],
      limits: [],
      ...overrides,
    };
    this.#proxies.push(proxy);
    return proxy;
  }

  /** Adds a secret, or gives it another value. */
  secret(name: string, value: string): void {
    const owner = { organizationId: ORGANIZATION, id: randomUUID() };
    const before = this.#secrets.findIndex((secret) => secret.name === name);
    if (before !== -1) this.#secrets.splice(before, 1);
    this.#secrets.push({ ...owner, name, sealedValue: sealSecret(value, keys, owner) });
  }

  /** What a proxy shows to a provider of its own. */
  hop(provider: SnapshotProvider, header: string, value: string): { header: string; sealedValue: string } {
    const owner = { organizationId: provider.organizationId, providerId: provider.id };
    return { header, sealedValue: sealCredential(value, keys, owner) };
  }

  /** Adds a virtual key and returns its secret. */
  key(name: string, overrides: Partial<SnapshotVirtualKey> = {}): string {
    const secret = createVirtualKey().key;
    this.#virtualKeys.push({
      id: randomUUID(),
      name,
      organizationId: ORGANIZATION,
      teamId: TEAM,
      secrets: [{ hash: hashVirtualKey(secret, keys.virtualKeyPepper), expiresAt: null }],
      proxies: ['*'],
      models: ['*'],
      expiresAt: null,
      ipAllowList: [],
      limits: [],
      ...overrides,
    });
    return secret;
  }

  revokeKey(name: string): void {
    this.#virtualKeys = this.#virtualKeys.filter((key) => key.name !== name);
  }

  async publish(redisUrl: string): Promise<number> {
    this.#revision += 1;
    const snapshot: ConfigSnapshot = {
      schemaVersion: 1,
      revision: this.#revision,
      publishedAt: new Date().toISOString(),
      organizations: this.#organizations,
      providers: this.#providers,
      proxies: this.#proxies,
      teams: [
        {
          id: TEAM,
          name: 'default',
          organizationId: ORGANIZATION,
          suspended: this.suspended,
          limits: [],
          keyLimits: [],
        },
        ...this.#teams,
      ],
      virtualKeys: this.#virtualKeys,
      ...(this.#secrets.length > 0 && { secrets: this.#secrets }),
    };
    const redis = new Redis(redisUrl);
    try {
      await new RedisSnapshotPublisher(redis).publish(sealSnapshot(snapshot, keys));
    } finally {
      redis.disconnect();
    }
    return this.#revision;
  }
}

function asModel(model: string | SnapshotModel): SnapshotModel {
  return typeof model === 'string' ? { id: model, upstreamModel: `up/${model}`, profile: {}, limits: [] } : model;
}
