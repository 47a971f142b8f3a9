import { describe, expect, it } from '@jest/globals';
import { LlmProviderSpec, SnapshotProvider } from '@penstock/contracts';
import { restoredProviderSpec } from './restored-provider-spec.ts';

const then = (apiVersion: string | null): SnapshotProvider =>
  SnapshotProvider.parse({
    id: '00000000-0000-7000-8000-000000000001',
    name: 'azure',
    organizationId: '00000000-0000-7000-8000-000000000000',
    template: 'azure-openai',
    dialect: 'openai-chat',
    baseUrl: 'http://127.0.0.1',
    apiVersion,
    auth: null,
    timeouts: { connectMs: 1, firstByteMs: 1, idleMs: 1, totalMs: 1 },
    maxConnections: 1,
    models: null,
    prices: {},
    limits: [],
  });
const now = LlmProviderSpec.parse({
  displayName: 'Azure',
  template: 'azure-openai',
  upstream: { url: 'http://127.0.0.1', apiVersion: '2025-04-01-preview', auth: { type: 'api-key', header: 'api-key' } },
});

describe('the spec of a provider that is rolled back', () => {
  it("takes back the version of the vendor's API, also none, and keeps how it logs in at the same address", () => {
    const { auth } = now.upstream;
    expect(restoredProviderSpec(then('2024-10-21'), now).upstream).toEqual({
      url: 'http://127.0.0.1',
      apiVersion: '2024-10-21',
      auth,
    });
    expect(restoredProviderSpec(then(null), now).upstream).toEqual({ url: 'http://127.0.0.1', auth });
  });

  it('has the models of then as they are written now, with the quotas of then', () => {
    const limit = { unit: 'requests' as const, window: 'day' as const, max: 1, mode: 'enforce' as const };
    const model = (id: string, quotas: string[]) => ({
      id,
      upstreamModel: id,
      profile: {},
      limits: quotas.map((quota) => ({ quota, id: `${quota}/requests/day`, limit })),
    });
    const earlier = { ...then(null), models: [model('a', ['q', 'r']), model('b', [])] };
    const written = { ...now, models: ['a', 'b'].map((id) => ({ id, profile: {}, quotas: ['s'] })) };
    expect(restoredProviderSpec(earlier, written).models).toEqual([
      { id: 'a', profile: {}, quotas: ['q', 'r'] },
      { id: 'b', profile: {}, quotas: [] },
    ]);
    expect(restoredProviderSpec(earlier, now).models).toEqual([
      { id: 'a', upstreamModel: 'a', profile: {}, quotas: ['q', 'r'] },
      { id: 'b', upstreamModel: 'b', profile: {}, quotas: [] },
    ]);
  });

  it('is reached where it was then, and by the bounds and policies of then', () => {
    const elsewhere = LlmProviderSpec.parse({
      ...now,
      context: '/new',
      vhost: 'new.example',
      resilience: { timeout: '1s' },
      globalPolicies: [{ name: 'request-size', params: { maxBytes: 1 } }],
    });
    const bare = restoredProviderSpec(then(null), elsewhere);
    expect(bare).not.toHaveProperty('context');
    expect(bare).not.toHaveProperty('vhost');
    expect(bare).not.toHaveProperty('resilience');
    expect(bare.globalPolicies).toEqual([]);
    const policies = [{ name: 'request-size', condition: null, params: { maxBytes: 2 }, paths: null }];
    const restored = restoredProviderSpec(
      { ...then(null), context: '/old', vhost: 'old.example', policies },
      elsewhere,
    );
    expect(restored).toMatchObject({ context: '/old', vhost: 'old.example', timeouts: { total: '1ms' } });
    expect(restored.globalPolicies).toEqual([{ name: 'request-size', version: 'v1', params: { maxBytes: 2 } }]);
    expect(LlmProviderSpec.parse(restored)).toEqual(restored);
  });

  it('keeps its access control where the snapshot has none, and otherwise has that of then', () => {
    const closed = { ...now, accessControl: { mode: 'deny_all' as const, exceptions: [] } };
    expect(restoredProviderSpec(then(null), closed).accessControl).toEqual(closed.accessControl);
    const accessControl = { mode: 'deny_all' as const, exceptions: [{ path: '/x', methods: ['POST'] }] };
    expect(restoredProviderSpec({ ...then(null), accessControl }, now).accessControl).toEqual(accessControl);
  });

  it('has the servers of then as they are written now where they mean the same, and its credential only there', () => {
    const servers = [
      { baseUrl: 'http://127.0.0.1/v1', weight: 3 },
      { baseUrl: 'http://127.0.0.2/v1', weight: 1 },
    ];
    const earlier = { ...then(null), baseUrl: 'http://127.0.0.1/v1', upstreams: servers };
    const pool = (...hosts: string[]) =>
      LlmProviderSpec.parse({
        ...now,
        upstream: { ref: 'pool', auth: now.upstream.auth },
        upstreamDefinitions: [
          {
            name: 'pool',
            basePath: '/v1',
            upstreams: hosts.map((host, index) => ({ url: `http://${host}`, weight: 3 - 2 * index })),
          },
        ],
      });
    const same = pool('127.0.0.1', '127.0.0.2');
    expect(restoredProviderSpec(earlier, same)).toMatchObject({
      upstream: same.upstream,
      upstreamDefinitions: same.upstreamDefinitions,
    });
    const restored = restoredProviderSpec(earlier, pool('127.0.0.1', '127.0.0.3'));
    expect(restored.upstream).toEqual({ ref: 'restored' });
    expect(restored.upstreamDefinitions).toEqual([
      { name: 'restored', upstreams: servers.map(({ baseUrl, weight }) => ({ url: baseUrl, weight })) },
    ]);
    expect(restoredProviderSpec({ ...then(null), baseUrl: 'http://127.0.0.2/v1' }, same).upstream).toEqual({
      url: 'http://127.0.0.2/v1',
      auth: now.upstream.auth,
    });
  });
});
