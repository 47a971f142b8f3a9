import { describe, expect, it } from '@jest/globals';
import { LlmProviderSpec, type LlmProvider } from '@penstock/contracts';
import { draftOfProvider, NEW_PROVIDER, providerSchema } from './provider-draft.ts';
import { testedUpstream } from './upstream-draft.ts';

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
  it('sends back the document that it was opened with', () => {
    const provider = saved({
      version: 'v2.0',
      context: '/lab',
      vhost: 'lab.example.com',
      upstream: {
        ref: 'servers',
        hostRewrite: 'manual',
        apiVersion: '2024-10-21',
        auth: { type: 'api-key', header: 'Authorization' },
      },
      upstreamDefinitions: [
        {
          name: 'servers',
          basePath: '/v1',
          timeout: { connect: '2s' },
          upstreams: [
            { url: 'http://lab.example.com', weight: 5 },
            { url: 'http://lab2.example.com', weight: 0 },
          ],
        },
        { name: 'spare', upstreams: [{ url: 'http://spare.example.com' }] },
      ],
      accessControl: { mode: 'deny_all', exceptions: [{ path: '/chat/completions', methods: ['POST'] }] },
      globalPolicies: [{ name: 'request-size', params: { maxBytes: 1_000 } }],
      models: [{ id: 'small', upstreamModel: 'org/small', quotas: ['little'] }],
      timeouts: { connect: '1s', firstByte: '20s', idle: '15s' },
      resilience: { timeout: '30s' },
      maxConnections: 7,
      quotas: ['small'],
      deploymentState: 'undeployed',
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
    const { spec } = providerSchema(undefined).parse({ ...draft, servers: 'url', spec: { ...draft.spec, upstream } });
    expect(spec.upstream).toEqual({ url: 'http://other.example.com', auth: { type: 'none' } });
  });

  it('leaves out a context that is empty', () => {
    const provider = saved({ upstream: { url: 'http://lab.example.com', auth: { type: 'none' } } });
    expect(draftOfProvider(provider).spec.context).toBe('');
    expect(sentBack(provider)).not.toHaveProperty('context');
  });

  it('says which server has no URL, and which definition nothing is sent to', () => {
    const pathsOf = (upstreams: { url: string; weight: number }[]) => {
      const draft = draftOfProvider(saved({ upstream: { url: 'http://lab.example.com' } }));
      const definition = { name: 'servers', basePath: '', timeout: { connect: '' }, upstreams };
      const spec = { ...draft.spec, upstreamDefinitions: [definition] };
      return providerSchema(undefined)
        .safeParse({ ...draft, spec })
        .error?.issues.map(({ path }) => path.join('.'));
    };
    expect(pathsOf([{ url: '', weight: 1 }])).toEqual(['spec.upstreamDefinitions.0.upstreams.0.url']);
    expect(pathsOf([{ url: 'http://lab.example.com', weight: 0 }])).toEqual(['spec.upstreamDefinitions.0.upstreams']);
  });
});

describe('the test of a connection', () => {
  const definition = {
    name: 'servers',
    basePath: '/v1/',
    timeout: { connect: '' },
    upstreams: [
      { url: 'http://one.example.com/', weight: 1 },
      { url: 'http://two.example.com', weight: 9 },
    ],
  };
  const draft = {
    ...NEW_PROVIDER,
    spec: {
      ...NEW_PROVIDER.spec,
      upstream: { ...NEW_PROVIDER.spec.upstream, url: 'http://lab.example.com', ref: 'servers', hostRewrite: 'manual' },
      upstreamDefinitions: [definition],
    },
  } as const;

  it('asks the URL, or the first server of the definition', () => {
    const auth = { type: 'none' };
    expect(testedUpstream(draft, undefined)).toEqual({ url: 'http://lab.example.com', auth });
    expect(testedUpstream({ ...draft, servers: 'definition' }, undefined)).toEqual({
      url: 'http://one.example.com/v1',
      auth,
    });
  });

  it('waits for a definition that is there', () => {
    const spec = { ...draft.spec, upstreamDefinitions: [] };
    expect(testedUpstream({ ...draft, servers: 'definition', spec }, undefined)).toBeUndefined();
  });
});
