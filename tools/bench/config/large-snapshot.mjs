import { createVirtualKey, hashVirtualKey, sealCredential } from '@penstock/secrets';

const organizationId = uuid(1, 1);
const providerCount = 50;
const modelsPerProxy = 3;
const teamCount = 100;

/** A snapshot of many proxies and keys, and the keys in the clear. `sealing` are the gateway's derived keys. */
export function largeSnapshot({ proxies, keys, upstreamPort, sealing }) {
  const created = Array.from({ length: keys }, () => createVirtualKey().key);
  const snapshot = {
    schemaVersion: 1,
    revision: 1,
    publishedAt: new Date().toISOString(),
    organizations: [
      {
        id: organizationId,
        name: 'bench',
        timeZone: 'Europe/Berlin',
        limits: [limitOf('requests', 1e9)],
        reseeded: true,
      },
    ],
    providers: times(providerCount, (index) => providerOf(index, upstreamPort, sealing)),
    proxies: times(proxies, (index) => proxyOf(index)),
    teams: times(teamCount, (index) => ({ ...named(3, 'team', index), suspended: false, limits: [], keyLimits: [] })),
    virtualKeys: created.map((key, index) => keyOf(index, hashVirtualKey(key, sealing.virtualKeyPepper))),
    secrets: [],
  };
  return { snapshot, keys: created, contexts: snapshot.proxies.map(({ context }) => context) };
}

/** What may change from one revision to the next; each makes the next snapshot. `round` makes it differ from all before. */
export const changes = {
  'one proxy': (snapshot, round) => ({
    ...snapshot,
    proxies: snapshot.proxies.map((proxy, index) => (index === round % 1000 ? proxyOf(index, `one-${round}`) : proxy)),
  }),
  'one key': (snapshot, round, sealing) => {
    const hash = hashVirtualKey(createVirtualKey().key, sealing.virtualKeyPepper);
    return { ...snapshot, virtualKeys: [...snapshot.virtualKeys, keyOf(1_000_000 + round, hash)] };
  },
  everything: (snapshot, round) => ({
    ...snapshot,
    organizations: snapshot.organizations.map((one) => ({ ...one, limits: [limitOf('requests', 1e9 + round)] })),
    providers: snapshot.providers.map((one) => ({ ...one, maxConnections: 1_000 + round })),
    proxies: snapshot.proxies.map((_, index) => proxyOf(index, `all-${round}`)),
    virtualKeys: snapshot.virtualKeys.map((key) => ({ ...key, limits: [limitOf('requests', 1e9 + round)] })),
  }),
};

function providerOf(index, upstreamPort, sealing) {
  const provider = named(2, 'provider', index);
  const owner = { organizationId, providerId: provider.id };
  const price = { inputPerMillion: 1, outputPerMillion: 2, cachedInputPerMillion: 1, reasoningPerMillion: 2 };
  const models = times(modelsPerProxy, (model) => `model-${model}`);
  return {
    ...provider,
    template: 'vllm',
    dialect: 'openai-chat',
    baseUrl: `http://127.0.0.1:${upstreamPort}/v1`,
    apiVersion: null,
    auth: { header: 'authorization', sealedValue: sealCredential('Bearer upstream', sealing, owner) },
    timeouts: { connectMs: 3_000, firstByteMs: 60_000, idleMs: 60_000, totalMs: 900_000 },
    maxConnections: 1_000,
    profile: {},
    modelProfiles: [],
    models: models.map((id) => ({ id, upstreamModel: `vendor/${id}`, profile: {}, limits: [] })),
    prices: Object.fromEntries(models.map((id) => [id, [{ version: 'bench', ...price, effectiveFrom: null }]])),
    limits: [],
  };
}

/** `version` goes into its policies: two versions have no policy in common. */
function proxyOf(index, version = 'first') {
  const providers = [index % providerCount, (index + 1) % providerCount];
  return {
    ...named(4, 'proxy', index),
    context: `/proxy-${index}`,
    authentication: 'virtual-key',
    providers: providers.map((provider) => ({ providerId: uuid(2, provider), alias: `provider-${provider}` })),
    models: times(modelsPerProxy, (model) => ({
      name: `model-${model}`,
      targets: providers.map((provider, priority) => ({
        providerId: uuid(2, provider),
        model: `model-${model}`,
        weight: 1,
        priority,
      })),
    })),
    unsupportedParameters: 'lenient',
    policies: policiesOf(index, providers, version),
    limits: [limitOf('requests', 1e9)],
  };
}

function policiesOf(index, providers, version) {
  const everywhere = { condition: null, paths: null };
  const mappings = providers.map((provider) => ({ headerValue: `v${provider}`, provider: `provider-${provider}` }));
  return [
    {
      name: 'set-headers',
      params: { requestHeaders: [{ name: 'x-bench', value: `${version}-${index}` }] },
      ...everywhere,
    },
    {
      name: 'regex-guardrail',
      params: { request: { regex: `(?i)\\b(secret|${version})-${index}-[0-9]{4,8}\\b`, invert: true } },
      ...everywhere,
      condition: `request.Method == "POST" && request.Path != "/${version}"`,
    },
    { name: 'llm-header-router', params: { headerName: `x-${version}`, mappings }, ...everywhere },
    {
      name: 'token-based-ratelimit',
      params: { totalTokenLimits: [{ count: 1_000_000_000 + version.length, duration: '1h' }] },
      ...everywhere,
    },
  ];
}

function keyOf(index, hash) {
  const { id, name } = named(5, 'key', index);
  return {
    id,
    name,
    organizationId,
    teamId: uuid(3, index % teamCount),
    secrets: [{ hash, expiresAt: null }],
    proxies: ['*'],
    models: ['*'],
    expiresAt: null,
    ipAllowList: [],
    limits: [limitOf('requests', 1e9)],
  };
}

const named = (kind, name, index) => ({ id: uuid(kind, index), name: `${name}-${index}`, organizationId });
const times = (count, make) => Array.from({ length: count }, (_, index) => make(index));
const limitOf = (unit, max) => ({
  quota: 'bench',
  id: `bench/${unit}/minute`,
  limit: { unit, window: 'minute', max, mode: 'enforce' },
});

function uuid(kind, index) {
  return `00000000-0000-4000-8000-${String(kind)}${index.toString(16).padStart(11, '0')}`;
}
