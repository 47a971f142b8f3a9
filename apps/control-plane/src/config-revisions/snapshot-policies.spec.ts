import { describe, expect, it } from '@jest/globals';
import { LlmProxySpec } from '@penstock/contracts';
import { snapshotPolicies } from './snapshot-policies.ts';

const transformer = (type: string, params: Record<string, string>) => ({ type, version: 'v1', params });
const at = (params: object) => ({ paths: [{ path: '/chat/completions', methods: ['POST'], params }] });
/** The multi-provider proxy of the original's examples. */
const MULTI = {
  displayName: 'OpenAI Multi-Provider Proxy',
  version: 'v1.0',
  context: '/openai-multi',
  provider: { id: 'openai-provider' },
  additionalProviders: [
    { id: 'anthropic-provider', transformer: transformer('openai-to-anthropic', { model: 'claude-sonnet-4-5' }) },
    {
      id: 'azure-openai-provider',
      as: 'azure',
      transformer: transformer('openai-to-azure-openai-transformer', {
        model: 'gpt-4o',
        apiVersion: '2024-02-15-preview',
      }),
    },
  ],
  policies: [
    { name: 'api-key-auth', version: 'v1', ...at({ key: 'X-API-Key', in: 'header' }) },
    {
      name: 'openai-header-router',
      version: 'v1',
      ...at({
        headerName: 'x-provider',
        defaultProvider: 'openai-provider',
        mappings: [
          { headerValue: 'openai', provider: 'openai-provider' },
          { headerValue: 'anthropic', provider: 'anthropic-provider' },
        ],
      }),
    },
  ],
};

describe('A9: the multi-provider proxy', () => {
  it('has the policies of its document, and behind them the transformers of its providers', () => {
    const policies = snapshotPolicies(LlmProxySpec.parse(MULTI));
    expect(policies.map(({ name, paths, condition }) => [name, paths?.[0]?.path ?? null, condition])).toEqual([
      ['api-key-auth', '/chat/completions', null],
      ['llm-header-router', '/chat/completions', null],
      [
        'openai-to-anthropic',
        null,
        "'selected_provider' in request.Metadata && request.Metadata['selected_provider'] == 'anthropic-provider'",
      ],
      [
        'openai-to-azure-openai',
        null,
        "'selected_provider' in request.Metadata && request.Metadata['selected_provider'] == 'azure'",
      ],
    ]);
    expect(policies[3]?.params).toEqual({ providerId: 'azure', model: 'gpt-4o', apiVersion: '2024-02-15-preview' });
  });

  it('A5.2: global ones run first, then those of operations in their order, then transformers', () => {
    const named = (name: string, more: object = {}) => ({ name, version: 'v1', ...more });
    const size = named('request-size', { params: { maxBytes: 1 } });
    const router = MULTI.policies[1];
    const orderOf = (spec: object) =>
      snapshotPolicies(LlmProxySpec.parse({ ...MULTI, policies: [], ...spec })).map(({ name }) => name);
    const transformers = ['openai-to-anthropic', 'openai-to-azure-openai'];
    const operations = [router, named('cors', at({})), named('log-message', at({}))];
    const rest = ['llm-header-router', 'cors', 'log-message', ...transformers];
    expect(orderOf({ operationPolicies: operations, globalPolicies: [size] })).toEqual(['request-size', ...rest]);
    expect(orderOf({ policies: [...operations, size] })).toEqual(['request-size', ...rest]);
  });

  it('G6: knows translators by any of the names that documents give their provider', () => {
    for (const field of ['providerId', 'id', 'provider']) {
      const policy = {
        name: 'openai-to-mistral',
        version: 'v1',
        params: { [field]: 'anthropic-provider', model: 'm' },
      };
      expect(LlmProxySpec.safeParse({ ...MULTI, policies: [policy] }).success).toBe(true);
      const unknown = { ...policy, params: { [field]: 'nobody' } };
      expect(LlmProxySpec.safeParse({ ...MULTI, policies: [unknown] }).error?.issues[0]?.path).toEqual([
        'policies',
        0,
        'params',
        field,
      ]);
    }
  });
});
