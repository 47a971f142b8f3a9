import { describe, expect, it } from '@jest/globals';
import type { ConfigSnapshot, SnapshotLimit, SnapshotProxy } from '@penstock/contracts';
import { compileConfig, emptyConfig } from './compile-config.ts';
import { LimitPlans, limitsOfTarget } from './limit-plans.ts';
import type { LimitSet } from './limit-set.ts';
import {
  compileServices as services,
  key,
  provider,
  proxy,
  snapshot as emptySnapshot,
} from './testing/config-fixture.ts';

const limit = (id: string, burst?: number): SnapshotLimit => ({
  quota: 'q',
  id,
  limit: { unit: 'tokens', window: 'minute', max: 100, mode: 'enforce', ...(burst === undefined ? {} : { burst }) },
});
const snapshot = (parts: Partial<ConfigSnapshot>): ConfigSnapshot =>
  emptySnapshot({
    teams: [
      { id: 't', name: 'team', organizationId: 'o', suspended: true, limits: [limit('team-limit')], keyLimits: [] },
    ],
    ...parts,
  });

const compile = (parts: Partial<ConfigSnapshot>) => compileConfig(snapshot(parts), 'sum', services);

describe('compileConfig', () => {
  it('leaves out a provider that cannot be used, and says why', () => {
    const { config, unusable } = compile({
      providers: [provider('good'), provider('bad'), provider('other', { baseUrl: 'nowhere' })],
      proxies: [proxy('p', '/', ['good', 'bad'])],
    });
    expect([...config.providers.keys()]).toEqual(['good']);
    expect(config.providers.get('good')?.auth).toEqual({ header: 'Authorization', value: 'Bearer good' });
    expect(unusable).toEqual([
      { kind: 'LlmProvider', name: 'bad', reason: 'sealed under another key' },
      { kind: 'LlmProvider', name: 'other', reason: 'Invalid URL' },
    ]);
    expect(config.proxies[0]?.routes.providers.map(({ alias }) => alias)).toEqual(['good']);
  });

  it('A7: resolves what policies refer to, and serves no proxy whose references cannot be resolved', () => {
    const referring = (name: string, text: string): SnapshotProxy => ({
      ...proxy(name, `/${name}`, ['p']),
      policies: [
        { name: 'set-headers', condition: null, params: { requestHeaders: [{ name: 'x', value: text }] }, paths: null },
      ],
    });
    const { config, unusable, revealed } = compile({
      providers: [provider('p')],
      proxies: [
        referring('one', '{{ secret "key" }}'),
        referring('missing', '{{ secret "none" }}'),
        referring('foreign', '{{ secret "foreign" }}'),
        referring('plain', 'Hello {{ name }}'),
      ],
      secrets: [
        { id: 's1', organizationId: 'o', name: 'key', sealedValue: 'sealed sk-1' },
        { id: 's2', organizationId: 'other', name: 'foreign', sealedValue: 'sealed sk-2' },
      ],
    });
    expect(config.proxies.map(({ name }) => name)).toEqual(['one', 'plain']);
    expect(unusable.map(({ kind, name, reason }) => `${kind} ${name}: ${reason}`)).toEqual([
      "LlmProxy missing: the policy 'set-headers' cannot be run: requestHeaders.0.value: the secret 'none' does not exist",
      "LlmProxy foreign: the policy 'set-headers' cannot be run: requestHeaders.0.value: the secret 'foreign' does not exist",
    ]);
    expect(revealed).toEqual(['sk-1']);
  });

  it('A7: resolves what policies refer to, and serves no proxy whose references cannot be resolved', () => {
    const referring = (name: string, text: string): SnapshotProxy => ({
      ...proxy(name, `/${name}`, ['p']),
      policies: [
        { name: 'set-headers', condition: null, params: { requestHeaders: [{ name: 'x', value: text }] }, paths: null },
      ],
    });
    const { config, unusable, revealed } = compile({
      providers: [provider('p')],
      proxies: [
        referring('one', '{{ secret "key" }}'),
        referring('missing', '{{ secret "none" }}'),
        referring('foreign', '{{ secret "foreign" }}'),
        referring('plain', 'Hello {{ name }}'),
      ],
      secrets: [
        { id: 's1', organizationId: 'o', name: 'key', sealedValue: 'sealed sk-1' },
        { id: 's2', organizationId: 'other', name: 'foreign', sealedValue: 'sealed sk-2' },
      ],
    });
    expect(config.proxies.map(({ name }) => name)).toEqual(['one', 'plain']);
    const reason = (secret: string) =>
      `the policy 'set-headers' cannot be run: requestHeaders.0.value: the secret '${secret}' does not exist`;
    expect(unusable).toEqual([
      { kind: 'LlmProxy', name: 'missing', reason: reason('none') },
      { kind: 'LlmProxy', name: 'foreign', reason: reason('foreign') },
    ]);
    expect(revealed).toEqual(['sk-1']);
  });

  it('A7: resolves what credentials refer to, and leaves a provider out alone where that fails', () => {
    const referring = (name: string, text: string) =>
      provider(name, { auth: { header: 'Authorization', sealedValue: `sealed ${text}` } });
    const { config, unusable } = compile({
      providers: [
        referring('one', '{{ secret "key" }}'),
        referring('missing', '{{ secret "none" }}'),
        referring('foreign', '{{ secret "foreign" }}'),
        referring('unset', '{{ env "PENSTOCK_SECRET_X" }}'),
        referring('lines', '{{ secret "lines" }}'),
        referring('default', '{{ env "PENSTOCK_SECRET_X" | default "fallback" }}'),
      ],
      secrets: [
        { id: 's1', organizationId: 'o', name: 'key', sealedValue: 'sealed sk-1' },
        { id: 's2', organizationId: 'other', name: 'foreign', sealedValue: 'sealed sk-2' },
        { id: 's3', organizationId: 'o', name: 'lines', sealedValue: 'sealed a\r\nX-Injected: b' },
      ],
    });
    const values = [...config.providers.values()].map(({ name, auth }) => [name, auth?.value]);
    expect(values).toEqual([
      ['one', 'Bearer sk-1'],
      ['default', 'Bearer fallback'],
    ]);
    expect(unusable.map(({ name, reason }) => `${name}: ${reason}`)).toEqual([
      "missing: the secret 'none' does not exist",
      "foreign: the secret 'foreign' does not exist",
      "unset: the environment variable 'PENSTOCK_SECRET_X' does not exist",
      'lines: its credential is no HTTP header value once its references are resolved',
    ]);
  });

  it('serves every proxy under its context, and the process itself at the root', () => {
    const { config } = compile({
      providers: [provider('a')],
      proxies: [proxy('root', '/', ['a']), proxy('shop', '/shop', ['a'])],
    });
    const nameAt = (path: string) => config.paths.match('POST', path).route.proxy?.name;
    expect(['/v1/chat/completions', '/shop/chat/completions'].map(nameAt)).toEqual(['root', 'shop']);
    expect(config.paths.match('GET', '/health').route.proxy).toBeNull();
  });

  it('knows a key by each of its secrets, the older one until its time', () => {
    const secrets = [
      { hash: 'new', expiresAt: null },
      { hash: 'old', expiresAt: '2026-01-02T00:00:00.000Z' },
    ];
    const { config } = compile({ virtualKeys: [key({ secrets, ipAllowList: ['10.0.0.0/8', '::1'], models: ['m'] })] });
    const [current, previous] = [config.keysByHash.get('new'), config.keysByHash.get('old')];
    expect(previous?.key).toBe(current?.key);
    expect([current?.expiresAt, previous?.expiresAt]).toEqual([Infinity, Date.parse('2026-01-02T00:00:00.000Z')]);
    expect(current?.key).toMatchObject({ teamName: 'team', teamSuspended: true, proxies: null });
    expect([current?.key.allowsModel('m'), current?.key.allowsModel('n')]).toEqual([true, false]);
    expect(current?.key.addresses?.check('10.1.1.1')).toBe(true);
  });

  describe('puts limits together', () => {
    const organization = {
      id: 'o',
      name: 'org',
      timeZone: 'Asia/Kathmandu',
      limits: [limit('shared')],
      reseeded: true,
    };
    const team = { id: 't', name: 'team', organizationId: 'o', suspended: false };
    const models = [
      { id: 'm', upstreamModel: 'm', profile: {}, limits: [limit('model-limit')] },
      { id: 'n', upstreamModel: 'n', profile: {}, limits: [] },
    ];
    const { config } = compile({
      organizations: [organization],
      providers: [provider('a', { limits: [limit('provider-limit', 5)], models })],
      proxies: [proxy('p', '/', ['a'], [limit('proxy-limit')]), proxy('open', '/open', ['a'])],
      teams: [{ ...team, limits: [limit('team-limit')], keyLimits: [limit('each-key')] }],
      virtualKeys: [key({ limits: [limit('key-limit')] })],
    });
    const [guarded, open] = config.proxies;
    const compiledProvider = config.providers.get('a');
    const compiledKey = config.keysByHash.get('h')?.key;
    if (!guarded || !open || !compiledProvider || !compiledKey) throw new Error('not compiled');
    const namesOf = ({ limits }: LimitSet) =>
      limits.map(({ applicable, kind, name }) => `${applicable.subject} ${applicable.id} ${kind} ${name}`);

    it('of a key, of each key of its team, of the team, the organization and the proxy', () => {
      const access = config.limitPlans.of(compiledKey, guarded);
      expect(namesOf(access)).toEqual([
        'key:k key-limit key k',
        'team:t/key:k each-key key k',
        'team:t team-limit team team',
        'organization:o shared organization org',
        'proxy:p proxy-limit proxy p',
      ]);
      expect(config.limitPlans.of(compiledKey, guarded)).toBe(access);
    });

    it('of the organization alone at an open proxy', () =>
      expect(namesOf(config.limitPlans.of(null, open))).toEqual(['organization:o shared organization org']));

    it('of a provider, and of those of its models that have some', () => {
      expect(namesOf(limitsOfTarget(compiledProvider, 'm'))).toEqual([
        'provider:a provider-limit provider a',
        'provider:a/model:m model-limit model m',
      ]);
      expect(namesOf(limitsOfTarget(compiledProvider, 'n'))).toEqual(['provider:a provider-limit provider a']);
      expect(
        compiledProvider.limits.limits.map(({ largestCharge, providerId }) => [largestCharge, providerId]),
      ).toEqual([[5, 'a']]);
    });

    it('in the time zone of their organization', () => {
      const all = [config.limitPlans.of(compiledKey, guarded), limitsOfTarget(compiledProvider, 'm')];
      const scopes = all.flatMap(({ limits }) =>
        limits.map(({ applicable: { timeZone, reseeded } }) => ({ timeZone, reseeded })),
      );
      expect(new Set(scopes.map((scope) => JSON.stringify(scope)))).toEqual(
        new Set([JSON.stringify({ timeZone: 'Asia/Kathmandu', reseeded: true })]),
      );
    });

    it('for many keys without growing for ever', () => {
      const plans = new LimitPlans();
      const first = plans.of(compiledKey, guarded);
      for (let index = 0; index < 20_000; index += 1) plans.of({ ...compiledKey }, guarded);
      expect(plans.of(compiledKey, guarded)).not.toBe(first);
    });
  });

  it('keeps connections and circuit breakers of a provider whose address stays', () => {
    const first = compile({ providers: [provider('a'), provider('b')] }).config;
    const second = compile({ providers: [provider('a'), provider('b', { baseUrl: 'http://elsewhere' })] }).config;
    expect(second.providers.get('a')?.pool).toBe(first.providers.get('a')?.pool);
    expect(second.providers.get('b')?.pool).not.toBe(first.providers.get('b')?.pool);
    expect(second.providers.get('b')?.breakers).toBe(first.providers.get('b')?.breakers);
  });
});

describe('emptyConfig', () => {
  it('has the endpoints of the process and nothing else', () => {
    const config = emptyConfig(services.systemEndpoints);
    expect([config.revision, config.paths.match('GET', '/health').route.template]).toEqual([0, '/health']);
    expect(() => config.paths.match('POST', '/v1/chat/completions')).toThrow('nothing at this path');
  });
});
