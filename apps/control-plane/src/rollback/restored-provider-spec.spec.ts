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
});
