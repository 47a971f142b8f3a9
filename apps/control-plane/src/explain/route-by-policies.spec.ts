import { describe, expect, it } from '@jest/globals';
import type { SnapshotPolicy, SnapshotProvider, SnapshotProxy } from '@penstock/contracts';
import { compileRoutes } from '@penstock/routing';
import { routeByPolicies } from './route-by-policies.ts';

const provider = (id: string, ...models: string[]) =>
  ({ id, models: models.map((model) => ({ id: model, upstreamModel: model })) }) as unknown as SnapshotProvider;
const providers = new Map(
  [provider('openai', 'gpt', 'both'), provider('claude', 'opus', 'both')].map((one) => [one.id, one]),
);
const policy = (name: string, params: object, more: Partial<SnapshotPolicy> = {}): SnapshotPolicy => ({
  name,
  condition: null,
  params: params as SnapshotPolicy['params'],
  paths: null,
  ...more,
});

function follow(policies: readonly SnapshotPolicy[], model: string, headers: Record<string, string> = {}) {
  const proxy = {
    name: 'shop',
    context: '/shop',
    providers: ['openai', 'claude'].map((providerId) => ({ providerId, alias: providerId })),
    models: [],
    policies,
  } as unknown as SnapshotProxy;
  const request = {
    proxy,
    method: 'POST',
    paths: ['/chat/completions', '/v1/chat/completions'],
    template: '/v1/chat/completions',
    headers,
  };
  const { choice, further, policies: told } = routeByPolicies(request, compileRoutes(proxy, providers), model);
  return {
    chosen: choice?.targets.map(({ alias, modelId }) => `${alias}/${modelId}`),
    further: further.map(({ alias }) => alias),
    runs: told.map(({ runs }) => runs),
    whys: told.map(({ why }) => why),
  };
}

const byHeader = policy('llm-header-router', { mappings: [{ headerValue: 'c', provider: 'claude' }] });
const ifClaude = {
  condition: "'selected_provider' in request.Metadata && request.Metadata['selected_provider'] == 'claude'",
};

describe('what policies do to targets', () => {
  it('A6: follows a header router, and those whose condition asks for its choice', () => {
    const policies = [byHeader, policy('cors', {}, ifClaude)];
    expect(follow(policies, 'both', { 'X-Provider': 'C' })).toMatchObject({
      chosen: ['claude/both'],
      runs: ['yes', 'yes'],
    });
    expect(follow(policies, 'both')).toMatchObject({ chosen: ['openai/both', 'claude/both'], runs: ['yes', 'no'] });
  });

  it('B2: follows a translation, to the model that it names', () => {
    const toClaude = policy('openai-to-anthropic', { model: 'opus', providerId: 'claude' }, ifClaude);
    expect(follow([byHeader, toClaude], 'both', { 'x-provider': 'c' }).chosen).toEqual(['claude/opus']);
    expect(follow([byHeader, toClaude], 'gpt').chosen).toEqual(['openai/gpt']);
    expect(follow([policy('openai-to-anthropic', { model: 'opus', providerId: 'claude' })], 'gpt').chosen).toEqual([
      'claude/opus',
    ]);
  });

  it('follows the rules of a model router, unless a provider is chosen already', () => {
    const rules = policy('model-router', { rules: [{ match: 'g*', provider: 'claude', model: 'opus' }] });
    expect(follow([rules], 'gpt').chosen).toEqual(['claude/opus']);
    expect(follow([rules], 'both').chosen).toBeUndefined();
    expect(follow([byHeader, rules], 'gpt', { 'x-provider': 'c' }).chosen).toEqual([]);
  });

  it('cannot tell whose turn it is, nor what depends on it', () => {
    const turns = policy('model-round-robin', { models: [{ model: 'gpt' }, { model: 'opus', provider: 'claude' }] });
    expect(follow([turns, policy('cors', {}, ifClaude)], 'any')).toMatchObject({
      chosen: ['openai/gpt', 'claude/opus'],
      runs: ['yes', 'depends'],
    });
  });

  it('cannot tell which target is the least busy or the fastest', () => {
    const models = [{ model: 'gpt' }, { model: 'opus', provider: 'claude' }];
    expect(follow([policy('least-busy', { models }), policy('cors', {}, ifClaude)], 'any')).toMatchObject({
      chosen: ['openai/gpt', 'claude/opus'],
      runs: ['yes', 'depends'],
    });
    expect(follow([policy('lowest-latency', {})], 'both').chosen).toEqual(['openai/both', 'claude/both']);
  });

  it('adds the targets of a fallback', () => {
    const fallback = policy('fallback', { targets: [{ provider: 'claude', model: 'opus' }] });
    expect(follow([fallback], 'gpt')).toMatchObject({ chosen: undefined, further: ['claude'] });
  });

  it('A5: leaves out a policy of other paths or methods', () => {
    const paths = [{ path: '/embeddings', methods: ['*'], params: {} }];
    const { runs, whys } = follow([policy('cors', {}, { paths })], 'gpt');
    expect([...runs, ...whys]).toEqual(['no', 'none of its paths (* /embeddings) is POST /v1/chat/completions']);
  });
});
