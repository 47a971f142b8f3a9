import { describe, expect, it } from '@jest/globals';
import { LlmProviderSpec, type LlmProvider } from '@penstock/contracts';
import { draftOfProvider, providerSchema } from './provider-draft.ts';

const now = '2026-01-01T00:00:00.000Z';

function saved(spec: object): LlmProvider {
  return {
    apiVersion: 'penstock.dev/v1',
    kind: 'LlmProvider',
    metadata: { name: 'lab', labels: {}, annotations: {} },
    spec: LlmProviderSpec.parse({ displayName: 'Lab', template: 'vllm', ...spec }),
    status: { id: '1', createdAt: now, updatedAt: now, state: 'deployed', credential: null },
  } as LlmProvider;
}

const sentBack = (provider: LlmProvider) => providerSchema(undefined).parse(draftOfProvider(provider)).spec;

describe('the form of a provider', () => {
  it('sends back what it was opened with, the fields that it does not show too', () => {
    const provider = saved({
      context: '/lab',
      vhost: 'lab.example.com',
      upstream: { ref: 'servers', hostRewrite: 'manual', auth: { type: 'none' } },
      upstreamDefinitions: [{ name: 'servers', upstreams: [{ url: 'http://lab.example.com', weight: 5 }] }],
      accessControl: { mode: 'deny_all', exceptions: [{ path: '/chat/completions', methods: ['POST'] }] },
      globalPolicies: [{ name: 'request-size', params: { maxBytes: 1_000 } }],
      resilience: { timeout: '30s' },
    });
    expect(sentBack(provider)).toEqual(provider.spec);
  });

  it('takes a URL in place of the upstream definition', () => {
    const draft = draftOfProvider(
      saved({
        upstream: { ref: 'servers' },
        upstreamDefinitions: [{ name: 'servers', upstreams: [{ url: 'http://lab.example.com' }] }],
      }),
    );
    const upstream = { ...draft.spec.upstream, url: 'http://other.example.com' };
    const { spec } = providerSchema(undefined).parse({ ...draft, spec: { ...draft.spec, upstream } });
    expect(spec.upstream).toEqual({ url: 'http://other.example.com', auth: { type: 'none' } });
  });

  it('leaves out a context that is empty', () => {
    const provider = saved({ upstream: { url: 'http://lab.example.com', auth: { type: 'none' } } });
    expect(draftOfProvider(provider).spec.context).toBe('');
    expect(sentBack(provider)).not.toHaveProperty('context');
  });
});
