import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ConfigSnapshot, redisNames, type SnapshotLimit, type SnapshotProvider } from '@penstock/contracts';
import fc from 'fast-check';
import { Redis } from 'ioredis';
import * as documents from '../testing/documents.ts';
import { startTestApp, type TestApp } from '../testing/test-app.ts';

const redis = new Redis(process.env['REDIS_URL'] ?? 'missing', { lazyConnect: true });
let app: TestApp;
beforeAll(async () => {
  await redis.connect();
  app = await startTestApp();
  for (const name of ['q0', 'q1']) await app.call('POST', '/quotas', { body: documents.quota(name) });
});
afterAll(async () => {
  await app.stop();
  redis.disconnect();
});

async function published(): Promise<ConfigSnapshot> {
  const text = await redis.get(redisNames.snapshot);
  return JSON.parse((JSON.parse(text ?? '{}') as { body: string }).body) as ConfigSnapshot;
}

/** One write; many are refused for good reasons, such as a provider that does not exist. */
interface Write {
  readonly method: 'POST' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly body?: object;
}
const some = <Item>(...items: Item[]) => fc.constantFrom(...items);
const providers = some('p0', 'p1', 'p2');
const quotas = fc.uniqueArray(some('q0', 'q1'), { maxLength: 2 });
const state = some('deployed', 'deployed', 'deployed', 'undeployed');
const url = some('http://127.0.0.1:1/v1', 'http://127.0.0.1:2/v1');
const upstream = fc
  .tuple(url, fc.boolean())
  .map(([to, secret]) =>
    secret
      ? { url: to, ref: null, auth: { type: 'api-key', value: 'Bearer some-long-secret' } }
      : { url: to, ref: null, auth: null },
  );
const pool = some('http://127.0.0.1:1/v1', 'http://127.0.0.1:3/v1').map((first) => ({
  upstream: { url: null, ref: 'pool', auth: null, hostRewrite: 'manual' },
  upstreamDefinitions: [
    {
      name: 'pool',
      timeout: { connect: '2s' },
      upstreams: [
        { url: first, weight: 1 },
        { url: 'http://127.0.0.1:4/v1', weight: 2 },
      ],
    },
  ],
}));
const vhost = some(null, 'one.example');
const resilience = some<object | null>(null, { idleTimeout: '0s' });
const globalPolicies = some<object[]>([], [{ name: 'request-size', params: { maxBytes: 9 } }]);
const limited = { id: 'limited', quotas: ['q0'] };
const optional = { requiredKeys: [] };
const providerSpec = fc.record(
  {
    upstream,
    maxConnections: some(1, 2),
    timeouts: some({ total: '1m' }, { total: '60000ms' }, { connect: '1s' }),
    models: some<object[] | null>(null, [{ id: 'm' }], [{ id: 'm', upstreamModel: 'n' }, limited], [limited]),
    context: some(null, '/a', '/d'),
    vhost,
    resilience,
    globalPolicies,
    quotas,
    deploymentState: state,
  },
  optional,
);
const target = fc.record({ provider: some('p0', 'p1', 'p2', 'alias'), model: some('m', 'n'), weight: some(1, 2) });
const HOP = { type: 'api-key', header: 'X-Key', value: 'some-hop-key' };
const hopAuth = some<object | null>(null, HOP);
const proxySpec = fc.record(
  {
    context: some('/a', '/b', '/c'),
    vhost,
    resilience,
    globalPolicies,
    provider: fc.record({ id: providers, auth: hopAuth }),
    additionalProviders: some<object[]>(
      [],
      [{ id: 'p1' }],
      [{ id: 'p2', as: 'alias', auth: HOP }],
      [{ id: 'p0', as: 'alias' }],
    ),
    models: fc.array(fc.record({ name: some('smart'), targets: fc.array(target, { minLength: 1, maxLength: 2 }) }), {
      maxLength: 1,
    }),
    authentication: some('virtual-key', 'none'),
    unsupportedParameters: some('lenient', 'strict'),
    quotas,
    deploymentState: state,
  },
  optional,
);
const keySpec = fc.record(
  { proxies: some(['*'], ['x0'], ['x0', 'x1']), models: some(['*'], ['m'], ['m', 'n']), quotas, enabled: fc.boolean() },
  optional,
);
const patchOf = (path: string, spec: fc.Arbitrary<object>): fc.Arbitrary<Write> =>
  spec.map((fields) => ({ method: 'PATCH', path, body: { spec: fields } }));
const organizationSpec = fc.record({ quotas, timeZone: some('UTC', 'Asia/Kathmandu') }, optional);
const teamSpec = fc.record({ quotas, keyQuotas: quotas }, optional);
const limits = some(1, 2).map((max) => ({ limits: [{ unit: 'requests', window: 'minute', max }] }));

/** Creates, changes or deletes one of the documents of a kind. */
function writes<Spec extends object>(
  path: string,
  names: fc.Arbitrary<string>,
  spec: fc.Arbitrary<Spec>,
  make: (name: string, spec: object) => object,
): fc.Arbitrary<Write> {
  return fc.tuple(some('POST', 'POST', 'PATCH', 'PATCH', 'DELETE'), names, spec).map(([method, name, fields]) => {
    if (method === 'POST') return { method, path, body: make(name, fields) };
    return method === 'PATCH'
      ? { method, path: `${path}/${name}`, body: { spec: fields } }
      : { method: 'DELETE', path: `${path}/${name}` };
  });
}
const anyWrites = fc.array(
  fc.oneof(
    writes('/llm-providers', providers, fc.oneof(providerSpec, pool), (name, spec) =>
      documents.provider(name, withoutNull(spec)),
    ),
    writes('/llm-proxies', some('x0', 'x1'), proxySpec, (name, spec) => documents.proxy(name, 'p0', withoutNull(spec))),
    writes('/quotas', some('q0', 'q1'), limits, documents.quota),
    writes('/virtual-keys', some('k0', 'k1'), keySpec, documents.virtualKey),
    patchOf('/virtual-keys/k0', keySpec),
    patchOf('/teams/default', teamSpec),
    patchOf('/organization', organizationSpec),
  ),
  { minLength: 8, maxLength: 20 },
);

/** Null removes a field in a patch and is none in a new document. */
function withoutNull(spec: object): object {
  return JSON.parse(JSON.stringify(spec, (_key, value: unknown) => value ?? undefined)) as object;
}

async function perform(list: readonly Write[]): Promise<void> {
  for (const { method, path, body } of list) {
    const { status } = await app.call(method, path, body ? { body } : {});
    expect({ method, path, body, fault: status >= 500 }).toMatchObject({ fault: false });
  }
}

/** What a rollback brings back: everything but credentials, also those of proxies, and prices, and by name, as ids of made-again documents differ. */
function routing({ providers: all, proxies }: ConfigSnapshot) {
  const names = new Map(all.map(({ id, name }) => [id, name]));
  const bare = ({ id: _, auth: __, prices: ___, ...rest }: SnapshotProvider): object => rest;
  const chains = proxies.map(({ id: _, providers: chained, ...rest }) => {
    return { ...rest, providers: chained.map(({ auth: __, ...provider }) => provider) };
  });
  const text = JSON.stringify({ providers: all.map(bare), proxies: chains });
  return JSON.parse(text.replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, (id) => names.get(id) ?? id)) as unknown;
}

const zones = ({ organizations }: ConfigSnapshot) => organizations.map(({ timeZone }) => timeZone);

const admits = (selection: readonly string[], name: string) => selection.includes('*') || selection.includes(name);

function expectNoKeyOpened(now: ConfigSnapshot, before: ConfigSnapshot): void {
  for (const key of now.virtualKeys) {
    const was = before.virtualKeys.find(({ id }) => id === key.id);
    expect(was?.secrets).toEqual(key.secrets);
    for (const name of ['x0', 'x1', 'm', 'n', 'other']) {
      if (admits(key.proxies, name)) expect(admits(was?.proxies ?? [], name)).toBe(true);
      if (admits(key.models, name)) expect(admits(was?.models ?? [], name)).toBe(true);
    }
    const kept = new Set(key.limits.map(({ quota }) => quota));
    expect(was?.limits.filter(({ quota }) => !kept.has(quota))).toEqual([]);
  }
}

const quotasIn = (attached: readonly SnapshotLimit[] = []) => [...new Set(attached.map(({ quota }) => quota))];

/** Whoever is limited stays so, and only organization and teams are asked: what providers and proxies have comes back. */
function expectNoQuotaOff(now: ConfigSnapshot, before: ConfigSnapshot): void {
  for (const { id, limits: kept } of before.organizations) {
    const after = now.organizations.find((organization) => organization.id === id);
    expect(quotasIn(after?.limits)).toEqual(expect.arrayContaining(quotasIn(kept)));
  }
  for (const { id, limits: kept, keyLimits } of before.teams) {
    const after = now.teams.find((team) => team.id === id);
    expect(quotasIn(after?.limits)).toEqual(expect.arrayContaining(quotasIn(kept)));
    expect(quotasIn(after?.keyLimits)).toEqual(expect.arrayContaining(quotasIn(keyLimits)));
  }
}

function expectNoCredentialBack(now: ConfigSnapshot, before: ConfigSnapshot): void {
  for (const provider of now.providers) {
    const was = before.providers.find(({ id }) => id === provider.id);
    // One that is undeployed is in no snapshot, but may come back with what it has kept.
    if (was && provider.auth) expect(provider).toMatchObject({ baseUrl: was.baseUrl, auth: was.auth });
  }
}

function expectNoHopAuthBack(now: ConfigSnapshot, before: ConfigSnapshot): void {
  for (const proxy of now.proxies) {
    const was = before.proxies.find(({ id }) => id === proxy.id);
    for (const { alias, providerId, auth } of proxy.providers) {
      const provider = was?.providers.find((one) => one.alias === alias && one.providerId === providerId);
      if (provider && auth) expect(auth).toEqual(provider.auth);
    }
  }
}

describe('any rollback', () => {
  it('brings routing back for good and opens nothing, or is refused and changes nothing', async () => {
    let done = 0;
    await fc.assert(
      fc.asyncProperty(anyWrites, anyWrites, async (first, second) => {
        await perform(first);
        const then = await published();
        await perform(second);
        const before = await published();
        const { status, body } = await app.call('POST', '/config/rollback', { body: { revision: then.revision } });
        if (status === 409) {
          expect(body.message).toMatch(/belongs to Llm(Proxy 'x|Provider 'p)\d' by now/);
          return expect(await published()).toEqual(before);
        }
        expect({ status, body }).toMatchObject({ status: 200 });
        done += 1;
        const after = await published();
        expect(routing(after)).toEqual(routing(then));
        expectNoKeyOpened(after, before);
        expectNoQuotaOff(after, before);
        expectNoCredentialBack(after, before);
        expectNoHopAuthBack(after, before);
        expect(zones(after)).toEqual(zones(then));
        await perform([{ method: 'POST', path: '/teams', body: documents.team(`t${after.revision}`) }]);
        const { revision: _, publishedAt: __, teams: ___, ...rest } = await published();
        expect(after).toMatchObject(rest);
      }),
      { numRuns: 15, interruptAfterTimeLimit: 10_000 },
    );
    expect(done).toBeGreaterThan(0);
  });
});
