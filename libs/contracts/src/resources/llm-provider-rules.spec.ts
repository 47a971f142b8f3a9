import { describe, expect, it } from '@jest/globals';
import { LlmProviderManifest, upstreamsOf } from './llm-provider.ts';

const spec = { displayName: 'P', template: 'openai', upstream: { url: 'https://api.example.com/v1' } };

/** `<path>` of everything that is wrong with a provider. */
function faults({ metadata = { name: 'p' }, ...change }: { readonly metadata?: object } & Record<string, unknown>) {
  const { error } = LlmProviderManifest.safeParse({ metadata, spec: { ...spec, ...change } });
  return (error?.issues ?? []).map(({ path }) => path.join('.'));
}
const upstream = (change: object) => ({ upstream: { ...spec.upstream, ...change } });
const definition = (change: object = {}) => ({
  name: 'pool',
  upstreams: [{ url: 'https://a.example' }, { url: 'https://b.example/x/', weight: 0 }],
  ...change,
});
const byReference = (change: object = {}) => ({ upstream: { ref: 'pool' }, upstreamDefinitions: [definition(change)] });
const policy = (change: object = {}) => ({ name: 'api-key-auth', version: 'v1', ...change });
const exception = (path: string, methods: unknown) => ({
  accessControl: { mode: 'deny_all', exceptions: [{ path, methods }] },
});

describe('A1: metadata', () => {
  it.each(['a', 'a-b', 'a.b-c.d1', '0', 'x'.repeat(253)])('A1: %.20s is a name', (name) => {
    expect(faults({ metadata: { name } })).toEqual([]);
  });

  it.each(['', 'A', 'a_b', '-a', 'a-', 'a..b', '.a', 'a b', 'ä', 'x'.repeat(254)])('A1: %.20j is no name', (name) => {
    expect(faults({ metadata: { name } })).toContain('metadata.name');
  });

  it('A1: has labels and annotations, whose keys have no spaces', () => {
    const annotations = { 'gateway.api-platform.wso2.com/project-id': 'p-1' };
    expect(faults({ metadata: { name: 'p', labels: { team: 'a b' }, annotations } })).toEqual([]);
    expect(faults({ metadata: { name: 'p', labels: { 'a b': 'x' } } })).toEqual(['metadata.labels.a b']);
  });
});

describe('A3: rules of a provider', () => {
  it.each([
    [{ displayName: 'Open AI_1.0-x' }],
    [{ displayName: 'x'.repeat(100) }],
    [{ version: 'v1.0' }],
    [{ version: '1' }],
    [{ version: 'v1.2.3' }],
    [upstream({ auth: { type: 'api-key', header: 'Authorization', value: 'Bearer {{ secret "x" }}' } })],
    [upstream({ auth: { type: 'other' } })],
    [upstream({ auth: { type: 'none' } })],
    [exception('/chat/*', ['*'])],
    [exception('/models/{model}:generateContent', ['GET', 'POST', 'PUT', 'DELETE', 'PATCH'])],
    [{ deploymentState: 'undeployed' }],
    [{ context: '/' }],
    [{ context: '/a-b_c/D/0' }],
    [{ context: `/${'x'.repeat(199)}` }],
    [{ vhost: 'api.example.com' }],
    [{ vhost: '*.example.com' }],
    [upstream({ hostRewrite: 'manual' })],
    [byReference()],
    [byReference({ basePath: '/v1', timeout: { connect: '500ms' } })],
    [{ globalPolicies: [policy()], operationPolicies: [policy({ paths: [{ path: '/*', methods: ['*'] }] })] }],
    [{ policies: [policy({ paths: [{ path: '/openai/{deployment}/chat', methods: ['POST'] }] })] }],
    [{ policies: [policy({ paths: [{ path: '/v1beta/models/{model}:generateContent', methods: ['POST'] }] })] }],
    [{ resilience: { timeout: '1.5s', idleTimeout: '0s' } }],
  ])('A3: %j is right', (change) => {
    expect(faults(change)).toEqual([]);
  });

  it.each([
    [{ displayName: '' }, 'spec.displayName'],
    [{ displayName: 'x'.repeat(101) }, 'spec.displayName'],
    [{ displayName: 'Open/AI' }, 'spec.displayName'],
    [{ version: 'latest' }, 'spec.version'],
    [{ version: 'v1.2.3.4' }, 'spec.version'],
    [{ template: undefined }, 'spec.template'],
    [{ upstream: undefined }, 'spec.upstream'],
    [upstream({ url: 'ftp://example.com' }), 'spec.upstream.url'],
    [upstream({ url: 'https://' }), 'spec.upstream.url'],
    [upstream({ url: 'https://user:password@example.com' }), 'spec.upstream.url'],
    [upstream({ auth: { header: 'x' } }), 'spec.upstream.auth.type'],
    [upstream({ auth: { type: 'basic' } }), 'spec.upstream.auth.type'],
    [upstream({ auth: { type: 'api-key', header: 'a b', value: 'x' } }), 'spec.upstream.auth.header'],
    [upstream({ auth: { type: 'api-key', header: 'a', value: 'x\r\ny' } }), 'spec.upstream.auth.value'],
    [{ accessControl: { mode: 'allow_some' } }, 'spec.accessControl.mode'],
    [exception('chat', ['GET']), 'spec.accessControl.exceptions.0.path'],
    [exception('/chat', ['TRACE']), 'spec.accessControl.exceptions.0.methods.0'],
    [exception('/chat', []), 'spec.accessControl.exceptions.0.methods'],
    [{ deploymentState: 'paused' }, 'spec.deploymentState'],
    [{ context: 'a' }, 'spec.context'],
    [{ context: '/a/' }, 'spec.context'],
    [{ context: '/a b' }, 'spec.context'],
    [{ context: '/_gateway-health' }, 'spec.context'],
    [{ context: '/_gateway-health/x' }, 'spec.context'],
    [{ context: '//_gateway-health' }, 'spec.context'],
    [{ context: `/${'x'.repeat(200)}` }, 'spec.context'],
    [{ vhost: 'a b' }, 'spec.vhost'],
    [{ vhost: 'a.*.example.com' }, 'spec.vhost'],
    [{ vhost: `${'x.'.repeat(126)}xx` }, 'spec.vhost'],
    [upstream({ url: undefined }), 'spec.upstream.url'],
    [upstream({ ref: 'pool' }), 'spec.upstream.url'],
    [{ upstream: { ref: 'nowhere' } }, 'spec.upstream.ref'],
    [upstream({ hostRewrite: 'never' }), 'spec.upstream.hostRewrite'],
    [byReference({ name: 'a b' }), 'spec.upstreamDefinitions.0.name'],
    [byReference({ upstreams: [] }), 'spec.upstreamDefinitions.0.upstreams'],
    [byReference({ upstreams: [{ url: 'https://a', weight: 101 }] }), 'spec.upstreamDefinitions.0.upstreams.0.weight'],
    [byReference({ upstreams: [{ url: 'https://a', weight: 0 }] }), 'spec.upstreamDefinitions.0.upstreams'],
    [byReference({ upstreams: [{ url: 'a' }] }), 'spec.upstreamDefinitions.0.upstreams.0.url'],
    [{ upstreamDefinitions: [definition(), definition()] }, 'spec.upstreamDefinitions.1.name'],
    [{ policies: [policy()], globalPolicies: [policy()] }, 'spec.policies'],
    [{ globalPolicies: [policy({ name: 'nothing-like-it' })] }, 'spec.globalPolicies.0.name'],
    [{ globalPolicies: [policy({ version: 'v1.0.0' })] }, 'spec.globalPolicies.0.version'],
    [{ globalPolicies: [policy({ params: { in: 'cookie' } })] }, 'spec.globalPolicies.0.params.in'],
    [{ resilience: { timeout: '1 s' } }, 'spec.resilience.timeout'],
    [{ resilience: { timeout: '1s' }, timeouts: { total: '2s' } }, 'spec.resilience.timeout'],
    [{ unknown: true }, 'spec'],
  ])('A3: %j is refused', (change, path) => {
    expect(faults(change)).toContain(path);
  });
});

describe('A3: the servers of a provider', () => {
  it('A3: are its URL, or those of a definition behind which the base path goes', () => {
    expect(upstreamsOf({ upstream: { url: 'https://x/v1' } })).toEqual([{ url: 'https://x/v1', weight: 100 }]);
    const { spec: read } = LlmProviderManifest.parse({
      metadata: { name: 'p' },
      spec: { ...spec, ...byReference({ basePath: '/v1/' }) },
    });
    expect(upstreamsOf(read)).toEqual([
      { url: 'https://a.example/v1', weight: 100 },
      { url: 'https://b.example/x/v1', weight: 0 },
    ]);
  });
});
