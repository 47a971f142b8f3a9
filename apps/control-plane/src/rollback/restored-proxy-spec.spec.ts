import { describe, expect, it } from '@jest/globals';
import { LlmProxySpec, type SnapshotProxy } from '@penstock/contracts';
import { restoredProxySpec } from './restored-proxy-spec.ts';

const id = (number: number) => `00000000-0000-7000-8000-${String(number).padStart(12, '0')}`;
const names = new Map([
  [id(1), 'lab'],
  [id(2), 'anthropic'],
]);
const then: SnapshotProxy = {
  id: id(9),
  name: 'shop',
  organizationId: id(0),
  context: '/shop',
  authentication: 'virtual-key',
  providers: [
    { providerId: id(1), alias: 'lab' },
    { providerId: id(2), alias: 'claude' },
  ],
  models: [{ name: 'smart', targets: [{ providerId: id(2), model: 'm', weight: 3, priority: 1 }] }],
  unsupportedParameters: 'strict',
  policies: [],
  limits: [],
};
const spec = LlmProxySpec.parse({
  displayName: 'Shop',
  context: '/shop',
  unsupportedParameters: 'strict',
  provider: { id: 'lab' },
  additionalProviders: [{ id: 'anthropic', as: 'claude' }],
  models: [{ name: 'smart', targets: [{ provider: 'claude', model: 'm', weight: 3, priority: 1 }] }],
});

describe('the spec of a proxy that is rolled back', () => {
  it('is what it is now where nothing differs', () => {
    expect(restoredProxySpec(then, spec, names)).toEqual(spec);
  });

  it('keeps what takes no effect, such as a provider that is undeployed', () => {
    const more = {
      ...spec,
      additionalProviders: [...spec.additionalProviders, { id: 'asleep' }],
      models: [...spec.models, { name: 'x', targets: [{ provider: 'asleep', model: 'm', weight: 1, priority: 0 }] }],
    };
    expect(restoredProxySpec(then, more, names)).toEqual(more);
  });

  it('loses what would take effect once its provider is back', () => {
    const more = { ...spec, additionalProviders: [...spec.additionalProviders, { id: 'anthropic', as: 'second' }] };
    expect(restoredProxySpec(then, more, names)).toEqual(spec);
  });

  it('has the policies of then, and keeps how they are written where they mean the same', () => {
    const params = { requestHeaders: [{ name: 'x-team', value: 'shop' }] };
    const written = LlmProxySpec.parse({ ...spec, policies: [{ name: 'set-headers', params }] });
    const policies = [{ name: 'set-headers', condition: null, params, paths: null }];
    expect(restoredProxySpec({ ...then, policies }, written, names)).toEqual(written);
    expect(restoredProxySpec(then, written, names)).toEqual(spec);
    const restored = restoredProxySpec({ ...then, policies }, spec, names);
    expect(restored.globalPolicies).toEqual([{ name: 'set-headers', version: 'v1', params }]);
    const { policies: _, ...ofEarlierRelease } = then;
    expect(restoredProxySpec(ofEarlierRelease as SnapshotProxy, written, names)).toEqual(written);
  });

  it('is made of the snapshot alone when it was deleted since', () => {
    expect(restoredProxySpec(then, undefined, names)).toEqual({ ...spec, displayName: 'shop' });
  });

  it('takes back providers, context, authentication and deployment, and keeps its display name', () => {
    const now = LlmProxySpec.parse({
      displayName: 'Shop, renamed',
      context: '/elsewhere',
      provider: { id: 'anthropic' },
      authentication: 'none',
      deploymentState: 'undeployed',
    });
    expect(restoredProxySpec(then, now, names)).toEqual({ ...spec, displayName: 'Shop, renamed' });
  });

  it('has the host and the bounds of then, as they are written now where they mean the same', () => {
    const now = LlmProxySpec.parse({ ...spec, vhost: 'new.example', resilience: { timeout: '60s' } });
    const timeouts = { totalMs: 60_000 };
    expect(restoredProxySpec({ ...then, timeouts, vhost: 'old.example' }, now, names)).toEqual({
      ...now,
      vhost: 'old.example',
    });
    expect(restoredProxySpec(then, now, names)).toEqual(spec);
    const other = restoredProxySpec({ ...then, timeouts: { idleMs: 5, totalMs: 7 } }, now, names);
    expect(other.resilience).toEqual({ timeout: '7ms', idleTimeout: '5ms' });
  });

  it('authenticates as it does now to the providers that it has under the same names', () => {
    const auth = { type: 'api-key' as const, header: 'X-Key' };
    const now = LlmProxySpec.parse({
      ...spec,
      provider: { id: 'lab', auth },
      additionalProviders: [
        { id: 'lab', as: 'claude', auth },
        { id: 'anthropic', auth },
      ],
      models: [],
    });
    const { provider, additionalProviders } = restoredProxySpec(then, now, names);
    expect([provider, ...additionalProviders]).toEqual([
      { id: 'lab', auth },
      { id: 'anthropic', as: 'claude' },
    ]);
    const same = LlmProxySpec.parse({ ...spec, additionalProviders: [{ id: 'anthropic', as: 'claude', auth }] });
    expect(restoredProxySpec(then, same, names)).toEqual(same);
  });
});
