import { describe, expect, it } from '@jest/globals';
import {
  LlmProviderSpec,
  LlmProviderTemplateSpec,
  LlmProxySpec,
  ModelPriceSpec,
  QuotaSpec,
  SnapshotFrame,
  SnapshotOrganization,
  SnapshotProvider,
  SnapshotProxy,
  SnapshotTeam,
  SnapshotVirtualKey,
  TeamSpec,
  VirtualKeySpec,
} from '@penstock/contracts';
import { buildSnapshot } from './build-snapshot.ts';
import type { SnapshotRows } from './snapshot-rows.ts';

const NOW = new Date('2026-06-01T00:00:00.000Z');
const organizationId = '00000000-0000-7000-8000-000000000001';
const id = (number: number) => `00000000-0000-7000-8000-${String(number).padStart(12, '0')}`;
const named = (number: number, name: string) => ({ id: id(number), organizationId, name });
const attachment = {
  teamId: null,
  virtualKeyId: null,
  proxyId: null,
  providerId: null,
  modelId: null,
  eachKey: false,
  subjectOrganizationId: null,
};

const providerSpec = (spec: object = {}) =>
  LlmProviderSpec.parse({ displayName: 'P', template: 'vllm', upstream: { url: 'http://127.0.0.1/v1' }, ...spec });
const proxySpec = (spec: object = {}) => LlmProxySpec.parse({ displayName: 'X', provider: { id: 'lab' }, ...spec });
const keySpec = (spec: object = {}) => VirtualKeySpec.parse(spec);

function rows(changes: Partial<SnapshotRows> = {}): SnapshotRows {
  return {
    organizations: [{ id: organizationId, name: 'default', spec: { timeZone: 'Europe/Berlin', quotas: [] } }],
    templates: [
      { ...named(1, 'vllm'), spec: LlmProviderTemplateSpec.parse({ displayName: 'vLLM', authHeader: 'x-auth' }) },
    ],
    providers: [
      { ...named(10, 'lab'), templateId: id(1), spec: providerSpec() },
      { ...named(11, 'spare'), templateId: id(1), spec: providerSpec() },
    ],
    credentials: [{ providerId: id(10), sealedValue: 'sealed' }],
    prices: [],
    priceCatalogs: new Map(),
    proxies: [{ ...named(20, 'shop'), spec: proxySpec() }],
    proxyProviders: [
      { proxyId: id(20), providerId: id(10), alias: 'lab' },
      { proxyId: id(20), providerId: id(11), alias: 'spare' },
    ],
    teams: [{ ...named(30, 'default'), spec: TeamSpec.parse({ displayName: 'Default' }) }],
    virtualKeys: [{ ...named(40, 'app'), teamId: id(30), spec: keySpec() }],
    virtualKeySecrets: [{ virtualKeyId: id(40), hash: 'hash', expiresAt: null }],
    quotas: [],
    attachments: [],
    ...changes,
  };
}
const build = (changes: Partial<SnapshotRows> = {}) => buildSnapshot(rows(changes), 7, NOW);

describe('the snapshot', () => {
  it('is what gateways accept, entity by entity', () => {
    const snapshot = build();
    expect(SnapshotFrame.safeParse(JSON.parse(JSON.stringify(snapshot))).success).toBe(true);
    for (const organization of snapshot.organizations) SnapshotOrganization.parse(organization);
    for (const provider of snapshot.providers) SnapshotProvider.parse(provider);
    for (const proxy of snapshot.proxies) SnapshotProxy.parse(proxy);
    for (const team of snapshot.teams) SnapshotTeam.parse(team);
    for (const key of snapshot.virtualKeys) SnapshotVirtualKey.parse(key);
    expect(snapshot).toMatchObject({ revision: 7, publishedAt: NOW.toISOString() });
  });

  it('A5.7: tells where tokens are counted when a template has them elsewhere than its dialect', () => {
    const extractions = (spec: object) =>
      build({
        templates: [{ ...named(1, 'vllm'), spec: LlmProviderTemplateSpec.parse({ displayName: 'T', ...spec }) }],
      }).providers.map(({ extraction }) => extraction);
    const at = (identifier: string) => ({ location: 'payload', identifier });
    expect(extractions({ promptTokens: at('$.usage.prompt_tokens') })).toEqual([undefined, undefined]);
    const custom = { promptTokens: at('$.meta.tokens.in'), completionTokens: at('$.meta.tokens.out') };
    expect(extractions({ ...custom, requestModel: at('$.model') })).toEqual([custom, custom]);
  });

  it('names the header of the template unless the provider names one, and none without a credential', () => {
    expect(build().providers.map(({ auth }) => auth)).toEqual([{ header: 'x-auth', sealedValue: 'sealed' }, null]);
    const spec = providerSpec({ upstream: { url: 'http://x', auth: { type: 'api-key', header: 'api-key' } } });
    expect(build({ providers: [{ ...named(10, 'lab'), templateId: id(1), spec }] }).providers[0]?.auth?.header).toBe(
      'api-key',
    );
  });

  it("holds what the template says of its models, and the version of the vendor's API that the provider names", () => {
    const modelProfiles = [{ match: 'm*', profile: { thinking: 'none' as const } }];
    const template = LlmProviderTemplateSpec.parse({ displayName: 'T', profile: { maxStops: 2 }, modelProfiles });
    const upstream = { url: 'http://x', apiVersion: '2024-10-21' };
    const models = [{ id: 'a', profile: { prefill: false } }];
    const [provider] = build({
      templates: [{ ...named(1, 'own'), spec: template }],
      providers: [{ ...named(10, 'lab'), templateId: id(1), spec: providerSpec({ upstream, models }) }],
    }).providers;
    expect(provider).toMatchObject({ apiVersion: '2024-10-21', profile: { maxStops: 2 }, modelProfiles });
    expect(provider?.models).toEqual([{ id: 'a', upstreamModel: 'a', profile: { prefill: false }, limits: [] }]);
    expect(build().providers[0]?.apiVersion).toBeNull();
  });

  it('leaves out undeployed providers, and proxies whose primary is one', () => {
    const undeployed = { templateId: id(1), spec: providerSpec({ deploymentState: 'undeployed' }) };
    const without = (primary: boolean) =>
      build({
        providers: [
          primary ? { ...named(10, 'lab'), ...undeployed } : rows().providers[0]!,
          primary ? rows().providers[1]! : { ...named(11, 'spare'), ...undeployed },
        ],
      });
    expect(without(true).proxies).toEqual([]);
    expect(without(false).proxies[0]?.providers).toEqual([{ providerId: id(10), alias: 'lab' }]);
  });

  it('resolves the targets of models by alias, and drops those that lead nowhere', () => {
    const spec = proxySpec({
      additionalProviders: [{ id: 'spare' }, { id: 'gone' }],
      models: [
        {
          name: 'smart',
          targets: [
            { provider: 'spare', model: 'm', weight: 3 },
            { provider: 'gone', model: 'm' },
          ],
        },
        { name: 'lost', targets: [{ provider: 'gone', model: 'm' }] },
      ],
    });
    expect(build({ proxies: [{ ...named(20, 'shop'), spec }] }).proxies[0]?.models).toEqual([
      { name: 'smart', targets: [{ providerId: id(11), model: 'm', weight: 3, priority: 0 }] },
    ]);
  });

  it.each([
    ['disabled', { spec: keySpec({ enabled: false }) }],
    ['expired', { spec: keySpec({ expiresAt: '2026-05-31T23:59:59Z' }) }],
  ])('leaves out a key that is %s', (_state, change) => {
    expect(build({ virtualKeys: [{ ...named(40, 'app'), teamId: id(30), ...change }] }).virtualKeys).toEqual([]);
  });

  it('holds the current secret and the previous one while it lives', () => {
    const secrets = (previous: string) => [
      { virtualKeyId: id(40), hash: 'new', expiresAt: null },
      { virtualKeyId: id(40), hash: 'old', expiresAt: new Date(previous) },
    ];
    const hashes = (previous: string) =>
      build({ virtualKeySecrets: secrets(previous) }).virtualKeys[0]?.secrets.map(({ hash }) => hash);
    expect(hashes('2026-06-01T00:01:00Z')).toEqual(['new', 'old']);
    expect(hashes('2026-06-01T00:00:00Z')).toEqual(['new']);
  });

  it('resolves quotas into limits whose ids stay while amounts change', () => {
    const withMax = (max: number) =>
      build({
        quotas: [
          {
            id: id(50),
            name: 'small',
            spec: QuotaSpec.parse({
              limits: [
                { unit: 'requests', window: 'minute', max },
                { unit: 'concurrency', max },
              ],
            }),
          },
        ],
        attachments: [
          { ...attachment, quotaId: id(50), virtualKeyId: id(40) },
          { ...attachment, quotaId: id(50), teamId: id(30) },
        ],
      });
    const ids = (max: number) => withMax(max).virtualKeys[0]?.limits.map((limit) => limit.id);
    expect(ids(1)).toEqual(['small/requests/minute', 'small/concurrency/']);
    expect(ids(1)).toEqual(ids(99));
    expect(withMax(5).teams[0]?.limits.map(({ limit }) => limit.max)).toEqual([5, 5]);
  });

  it('tells limits of the organization, of each key of a team, and of a model apart from those of their owners', () => {
    const quota = (number: number, name: string) => ({
      id: id(number),
      name,
      spec: QuotaSpec.parse({ limits: [{ unit: 'cost', window: 'day', alignment: 'rolling', max: number }] }),
    });
    const models = [{ id: 'a' }, { id: 'b' }];
    const snapshot = build({
      providers: [{ ...named(10, 'lab'), templateId: id(1), spec: providerSpec({ models }) }],
      quotas: [quota(50, 'all'), quota(51, 'team'), quota(52, 'each'), quota(53, 'provider'), quota(54, 'model')],
      attachments: [
        { ...attachment, quotaId: id(50), subjectOrganizationId: organizationId },
        { ...attachment, quotaId: id(51), teamId: id(30) },
        { ...attachment, quotaId: id(52), teamId: id(30), eachKey: true },
        { ...attachment, quotaId: id(53), providerId: id(10) },
        { ...attachment, quotaId: id(54), providerId: id(10), modelId: 'b' },
      ],
    });
    const ids = (limits: readonly { readonly id: string }[] | undefined) => limits?.map((limit) => limit.id);
    const [provider] = snapshot.providers;
    expect({
      organization: ids(snapshot.organizations[0]?.limits),
      team: ids(snapshot.teams[0]?.limits),
      each: ids(snapshot.teams[0]?.keyLimits),
      provider: ids(provider?.limits),
      models: provider?.models?.map(({ limits }) => ids(limits)),
    }).toEqual({
      organization: ['all/cost/day/rolling'],
      team: ['team/cost/day/rolling'],
      each: ['each/cost/day/rolling'],
      provider: ['provider/cost/day/rolling'],
      models: [[], ['model/cost/day/rolling']],
    });
  });

  it('holds the time zone of the organization, UTC where an earlier release stored none, and that its ledgers return', () => {
    const zone = (spec: object) =>
      build({ organizations: [{ id: organizationId, name: 'default', spec }] }).organizations[0];
    expect(zone({ timeZone: 'Asia/Kathmandu' })).toMatchObject({ timeZone: 'Asia/Kathmandu', reseeded: true });
    expect(zone({})).toEqual({ id: organizationId, name: 'default', timeZone: 'UTC', limits: [], reseeded: true });
  });

  it('orders prices by the time from which they hold', () => {
    const row = (number: number, effectiveFrom?: string) => ({
      id: id(number),
      providerId: id(10),
      updatedAt: NOW,
      spec: ModelPriceSpec.parse({
        provider: 'lab',
        model: 'm',
        inputPerMillion: number,
        outputPerMillion: 2,
        effectiveFrom,
      }),
    });
    const prices = build({ prices: [row(3, '2027-01-01T00:00:00+02:00'), row(2, '2026-01-01T00:00:00Z'), row(1)] })
      .providers[0]?.prices['m'];
    expect(prices?.map(({ inputPerMillion }) => inputPerMillion)).toEqual([1, 2, 3]);
    expect(prices?.[0]?.effectiveFrom).toBeNull();
    expect(prices?.[2]?.effectiveFrom).toBe('2026-12-31T22:00:00.000Z');
  });
});

describe('A4: the chain from a proxy to its providers', () => {
  const auth = { type: 'api-key' as const, header: 'X-Hop' };
  const credential = (alias: string, provider: number) => ({
    proxyId: id(20),
    alias,
    providerId: id(provider),
    sealedValue: `sealed for ${alias}`,
    secretNames: [],
  });
  const spec = proxySpec({
    context: '/x',
    vhost: 'X.example',
    provider: { id: 'lab', auth },
    additionalProviders: [{ id: 'spare', as: 'again', auth }],
    resilience: { timeout: '2s', idleTimeout: '0s' },
  });
  const proxyProviders = [
    { proxyId: id(20), providerId: id(10), alias: 'lab' },
    { proxyId: id(20), providerId: id(11), alias: 'again' },
  ];
  const proxyWith = (...proxyCredentials: ReturnType<typeof credential>[]) =>
    build({ proxies: [{ ...named(20, 'shop'), spec }], proxyProviders, proxyCredentials }).proxies[0];

  it('A4: has host, bounds, and what each provider is shown, sealed', () => {
    const proxy = proxyWith(credential('lab', 10), credential('again', 11));
    expect(proxy).toMatchObject({ vhost: 'x.example', timeouts: { totalMs: 2000, idleMs: 0 } });
    expect(proxy?.providers).toEqual([
      { providerId: id(10), alias: 'lab', auth: { header: 'X-Hop', sealedValue: 'sealed for lab' } },
      { providerId: id(11), alias: 'again', auth: { header: 'X-Hop', sealedValue: 'sealed for again' } },
    ]);
    expect(SnapshotProxy.safeParse(proxy).success).toBe(true);
  });

  it('A4: shows a provider nothing that was stored for another one', () => {
    const proxy = proxyWith(credential('lab', 11), credential('spare', 11));
    expect(proxy?.providers.map((provider) => provider.auth)).toEqual([undefined, undefined]);
  });

  it('A4: says nothing of what a proxy does not have', () => {
    const [proxy] = build().proxies;
    for (const field of ['vhost', 'timeouts']) expect(proxy).not.toHaveProperty(field);
    expect(proxy?.providers[0]).toEqual({ providerId: id(10), alias: 'lab' });
  });
});

describe('A7: the API key of a provider', () => {
  it('A7: opens that provider and no proxy', () => {
    const key = { ...named(40, 'lab.provider.k'), teamId: id(30), spec: keySpec({ proxies: [] }) };
    const [built] = build({ virtualKeys: [{ ...key, parentProviderId: id(10) }] }).virtualKeys;
    expect(built).toMatchObject({ proxies: [], providers: ['lab'] });
    expect(build().virtualKeys[0]).not.toHaveProperty('providers');
  });
});

describe('A3: a provider as an earlier release has stored it', () => {
  it('A3: goes out as it did', () => {
    const {
      upstreamDefinitions: _,
      policies: __,
      globalPolicies: ___,
      operationPolicies: ____,
      ...stored
    } = providerSpec();
    const providers = [{ ...named(10, 'lab'), templateId: id(1), spec: stored as LlmProviderSpec }];
    expect(build({ providers }).providers[0]).toEqual(build().providers[0]);
  });
});
