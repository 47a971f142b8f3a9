import { describe, expect, it } from '@jest/globals';
import { runAtOnce } from '@penstock/config-sync';
import type { ConfigSnapshot, SnapshotLimit, SnapshotPolicy } from '@penstock/contracts';
import fc from 'fast-check';
import { compileSteps, type CompiledSnapshot } from './compile-config.ts';
import { CompileMemory } from './compile-memory.ts';
import { limitSet } from './limit-set.ts';
import { compileServices, key, provider, proxy, snapshot } from './testing/config-fixture.ts';

const limit = (max: number): SnapshotLimit => ({
  quota: 'q',
  id: 'q/tokens/day',
  limit: { unit: 'tokens', window: 'day', max, mode: 'enforce' },
});
const setHeader = (value: string): SnapshotPolicy => ({
  name: 'set-headers',
  condition: null,
  params: { requestHeaders: [{ name: 'x-token', value }] },
  paths: null,
});
const organization = (id: string, version = 0) => ({
  id,
  name: id,
  timeZone: ['UTC', 'Europe/Berlin', 'Asia/Kathmandu'][version % 3]!,
  limits: [limit(version + 1)],
  reseeded: version % 2 === 0,
});
const team = (id: string, version = 0) => ({
  id,
  name: `${id}-${version}`,
  organizationId: id,
  suspended: version % 2 === 1,
  limits: [limit(version + 10)],
  keyLimits: [limit(version + 20)],
});
const models = (version: number) => [
  { id: 'm', upstreamModel: `vendor/m-${version}`, profile: {}, limits: [limit(version + 30)] },
];
const secret = (id: string, version = 0) => ({
  id: `s-${id}`,
  organizationId: id,
  name: 'token',
  sealedValue: `sealed value-${version}`,
});
const reference = '{{ secret "token" }}';

/** Two organizations, `a` and `b`, with one of everything each; in `a` a proxy also refers to the secret and to both providers. */
const first: ConfigSnapshot = snapshot({
  organizations: [organization('a'), organization('b')],
  teams: [team('a'), team('b')],
  providers: ['a', 'b'].map((id) => provider(id, { organizationId: id, models: models(0) })),
  proxies: [
    { ...proxy('plain-a', '/plain-a', ['a']), organizationId: 'a', policies: [setHeader('x')], limits: [limit(40)] },
    { ...proxy('secret-a', '/secret-a', ['a', 'b']), organizationId: 'a', policies: [setHeader(reference)] },
    { ...proxy('plain-b', '/plain-b', ['b']), organizationId: 'b', policies: [setHeader('y')] },
  ],
  virtualKeys: ['a', 'b'].map((id) =>
    key({ id, organizationId: id, teamId: id, secrets: [{ hash: id, expiresAt: null }] }),
  ),
  secrets: [secret('a'), secret('b')],
});

/** Each makes a snapshot of the one before in which everything that did not change is the same object, as config-sync does. */
type Change = (before: ConfigSnapshot, id: string, version: number) => ConfigSnapshot;
const replace = <T extends { readonly id: string }>(entities: readonly T[], id: string, make: (one: T) => T): T[] =>
  entities.map((one) => (one.id === id ? make(one) : one));
const changes: Record<string, Change> = {
  'the organization': (before, id, version) => ({
    ...before,
    organizations: replace(before.organizations, id, () => organization(id, version)),
  }),
  'the organization is there or not': (before, id, version) => ({
    ...before,
    organizations: [
      ...before.organizations.filter((one) => one.id !== id),
      ...(version % 2 === 0 ? [organization(id, version)] : []),
    ],
  }),
  'the team': (before, id, version) => ({ ...before, teams: replace(before.teams, id, () => team(id, version)) }),
  'the provider': (before, id, version) => ({
    ...before,
    providers: replace(before.providers, id, (one) => ({ ...one, models: models(version) })),
  }),
  "the provider's credential opens or not": (before, id, version) => ({
    ...before,
    providers: replace(before.providers, id, (one) => ({
      ...one,
      auth: { header: 'authorization', sealedValue: version % 2 === 0 ? 'sealed good' : 'bad' },
    })),
  }),
  'the secret': (before, id, version) => ({
    ...before,
    secrets: replace(before.secrets ?? [], `s-${id}`, () => secret(id, version)),
  }),
  'the secret is there or not': (before, id, version) => ({
    ...before,
    secrets: [
      ...(before.secrets ?? []).filter((one) => one.organizationId !== id),
      ...(version % 2 === 0 ? [secret(id, version)] : []),
    ],
  }),
  'a proxy': (before, id, version) => ({
    ...before,
    proxies: replace(before.proxies, `plain-${id}`, (one) => ({
      ...one,
      limits: [limit(version + 50)],
      policies: version % 3 === 0 ? [setHeader(reference)] : version % 3 === 1 ? [] : [setHeader(`v${version}`)],
    })),
  }),
  'the key': (before, id, version) => ({
    ...before,
    virtualKeys: replace(before.virtualKeys, id, (one) => ({ ...one, limits: [limit(version + 60)] })),
  }),
  'the key changes its team': (before, id, version) => ({
    ...before,
    virtualKeys: replace(before.virtualKeys, id, (one) => ({ ...one, teamId: version % 2 === 0 ? id : 'nobody' })),
  }),
};

const compile = (config: ConfigSnapshot, memory: CompileMemory): CompiledSnapshot =>
  runAtOnce(compileSteps({ snapshot: config, checksum: 'sum' }, compileServices, memory));
const policiesOf = ({ config }: CompiledSnapshot, name: string) =>
  config.paths.match('POST', `/${name}/v1/chat/completions`).route.policies?.head.map(({ policy }) => policy);

/** Everything of a compiled snapshot that can be compared. */
function shown({ config, unusable, revealed }: CompiledSnapshot) {
  return {
    unusable,
    revealed,
    organizations: config.organizations,
    proxies: config.proxies,
    served: config.proxies.map(({ name }) => {
      const { proxy: served, policies } = config.paths.match('POST', `/${name}/v1/chat/completions`).route;
      return { isSame: config.proxies.includes(served!), steps: policies?.head.map(({ policy }) => policy.name) };
    }),
    keys: [...config.keysByHash].map(
      ([
        hash,
        {
          key: { allowsModel: _, ...compiled },
          expiresAt,
        },
      ]) => [hash, compiled, expiresAt],
    ),
    models: [...config.providers.values()].map(({ name, auth, modelLimits }) => ({ name, auth, modelLimits })),
  };
}

describe('a config that takes over what still holds', () => {
  it('equals one that is compiled from nothing, whatever changes in whatever order', () => {
    const step = fc.tuple(fc.constantFrom(...Object.keys(changes)), fc.constantFrom('a', 'b'), fc.nat(11));
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 12 }), (steps) => {
        const memory = new CompileMemory();
        compile(first, memory);
        let current = first;
        for (const [name, id, version] of steps) {
          current = changes[name]!(current, id, version);
          expect(shown(compile(current, memory))).toEqual(shown(compile(current, new CompileMemory())));
        }
      }),
      { numRuns: 60 },
    );
  });

  it('takes over proxies, their policies with the state in them, and keys that nothing touched', () => {
    const memory = new CompileMemory();
    const before = compile(first, memory);
    const after = compile(changes['the key']!({ ...first, revision: 8 }, 'b', 3), memory);
    const proxyOf = ({ config }: CompiledSnapshot, name: string) => config.proxies.find((one) => one.name === name);
    expect(proxyOf(after, 'plain-a')).toBe(proxyOf(before, 'plain-a'));
    expect(policiesOf(after, 'plain-a')?.[0]).toBe(policiesOf(before, 'plain-a')?.[0]);
    expect(after.config.keysByHash.get('a')?.key).toBe(before.config.keysByHash.get('a')?.key);
    expect(after.config.keysByHash.get('b')?.key).not.toBe(before.config.keysByHash.get('b')?.key);
  });

  it('keeps the policies of a proxy while its organization, its providers or keys change, and compiles its limits anew', () => {
    const memory = new CompileMemory();
    const before = compile(first, memory);
    const after = compile(changes['the organization']!(first, 'a', 4), memory);
    expect(policiesOf(after, 'plain-a')?.[0]).toBe(policiesOf(before, 'plain-a')?.[0]);
    const limits = after.config.proxies.find(({ name }) => name === 'plain-a')?.limits;
    expect(limits?.map(({ applicable }) => [applicable.limit.max, applicable.timeZone])).toEqual([
      [5, 'Europe/Berlin'],
      [40, 'Europe/Berlin'],
    ]);
  });

  it('does not remember limits of an open proxy beyond its organization', () => {
    const tokens = {
      name: 'token-based-ratelimit',
      condition: null,
      params: { totalTokenLimits: [{ count: 5, duration: '1h' }] },
      paths: null,
    };
    const open = { ...first.proxies[0]!, authentication: 'none' as const, policies: [tokens] };
    const memory = new CompileMemory();
    const limitsOf = (config: ConfigSnapshot) => {
      const { route } = compile(config, memory).config.paths.match('POST', '/plain-a/v1/chat/completions');
      const access = limitSet(route.proxy!.limits);
      const set = route.policies!.limitsFor(null, access, { call: null, applies: () => true });
      return set.limits.map(({ applicable }) => applicable.limit.max);
    };
    const before = { ...first, proxies: [open] };
    expect(limitsOf(before)).toEqual([1, 40, 5]);
    expect(limitsOf(changes['the organization']!(before, 'a', 4))).toEqual([5, 40, 5]);
  });

  it('never takes over what a secret is in', () => {
    const memory = new CompileMemory();
    const before = compile(first, memory);
    const after = compile({ ...first, revision: 8 }, memory);
    expect(policiesOf(after, 'secret-a')?.[0]).not.toBe(policiesOf(before, 'secret-a')?.[0]);
    expect([before.revealed, after.revealed]).toEqual([['value-0'], ['value-0']]);
  });
});
