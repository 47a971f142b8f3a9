import { describe, expect, it } from '@jest/globals';
import { LlmProviderManifest } from './llm-provider.ts';

const spec = { displayName: 'P', template: 'openai', upstream: { url: 'https://api.example.com/v1' } };

/** `<path>` of everything that is wrong with a provider. */
function faults({ metadata = { name: 'p' }, ...change }: { readonly metadata?: object } & Record<string, unknown>) {
  const { error } = LlmProviderManifest.safeParse({ metadata, spec: { ...spec, ...change } });
  return (error?.issues ?? []).map(({ path }) => path.join('.'));
}
const upstream = (change: object) => ({ upstream: { ...spec.upstream, ...change } });
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
    [{ unknown: true }, 'spec'],
  ])('A3: %j is refused', (change, path) => {
    expect(faults(change)).toContain(path);
  });
});
