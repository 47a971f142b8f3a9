import { describe, expect, it } from '@jest/globals';
import { LlmProxy } from '@penstock/contracts';
import { UnfinishedJson } from '../../policies/components/schema-value.ts';
import { storedFor } from './hop-draft.ts';
import { draftOfProxy, proxySchema, type ProxyDraft } from './proxy-draft.ts';

const auth = { type: 'api-key', header: 'X-API-Key' } as const;
const transformer = { type: 'openai-to-anthropic', version: 'v1', params: { model: 'claude-x' } };
const regex = { name: 'regex-guardrail', version: 'v1', params: { request: { regex: 'x' } } };
const saved = LlmProxy.parse({
  apiVersion: 'penstock.dev/v1',
  kind: 'LlmProxy',
  metadata: { name: 'multi', labels: { tier: 'gold' }, annotations: { note: 'kept' } },
  spec: {
    displayName: 'Multi',
    version: 'v2.0',
    context: '/multi',
    vhost: 'llm.example.com',
    provider: { id: 'openai-provider', auth },
    additionalProviders: [
      { id: 'anthropic-provider', as: 'claude', auth: { type: 'other', header: 'X-Other' }, transformer },
      { id: 'mistral-provider', auth: { type: 'none' } },
      { id: 'gemini-provider' },
    ],
    models: [{ name: 'chat', targets: [{ provider: 'claude', model: 'claude-x', weight: 3, priority: 1 }] }],
    globalPolicies: [{ ...regex, executionCondition: "request.Method == 'POST'" }],
    operationPolicies: [
      {
        name: 'request-size',
        version: 'v1',
        paths: [{ path: '/chat/completions', methods: ['POST'], params: { maxBytes: 1_000 } }],
      },
    ],
    authentication: 'none',
    unsupportedParameters: 'strict',
    resilience: { timeout: '90s', idleTimeout: '10s' },
    quotas: ['small'],
    deploymentState: 'undeployed',
  },
  status: {
    id: '00000000-0000-4000-8000-000000000001',
    state: 'undeployed',
    version: 1,
    createdAt: '2026-01-01T00:00:00.000Z',
    updatedAt: '2026-01-01T00:00:00.000Z',
    credentials: [
      { provider: 'openai-provider', updatedAt: '2026-01-01T00:00:00.000Z', secrets: ['hop'] },
      { provider: 'claude', updatedAt: '2026-01-01T00:00:00.000Z', secrets: [] },
    ],
  },
});

/** The draft with other values in its spec. */
function changed(changes: Partial<ProxyDraft['spec']>): ProxyDraft {
  const draft = draftOfProxy(saved);
  return { ...draft, spec: { ...draft.spec, ...changes } };
}

describe('the form of a proxy', () => {
  it('G7: sends back the document that it was opened with', () => {
    const { metadata, spec } = proxySchema.parse(draftOfProxy(saved));
    expect({ metadata, spec }).toEqual({ metadata: saved.metadata, spec: saved.spec });
  });

  it('G7: sends a value that is typed, and none where the field is empty', () => {
    const typed = { type: 'api-key', header: 'X-API-Key', value: ' {{ secret "hop" }} ' } as const;
    const { provider, additionalProviders } = proxySchema.parse(
      changed({ provider: { id: 'openai-provider', auth: typed } }),
    ).spec;
    expect(provider.auth).toEqual({ ...auth, value: '{{ secret "hop" }}' });
    expect(additionalProviders[0]?.auth).not.toHaveProperty('value');
  });

  it('leaves out what is emptied', () => {
    const { spec } = proxySchema.parse(changed({ vhost: ' ', resilience: { timeout: '', idleTimeout: '' } }));
    expect(spec).not.toHaveProperty('vhost');
    expect(spec).not.toHaveProperty('resilience');
  });

  it('says where a header is missing, and where parameters of a transformer are wrong or no JSON', () => {
    const [claude, ...others] = draftOfProxy(saved).spec.additionalProviders;
    if (!claude) throw new Error('There is an additional provider.');
    const pathsOf = (additional: Partial<typeof claude>) =>
      proxySchema
        .safeParse(changed({ additionalProviders: [{ ...claude, ...additional }, ...others] }))
        .error?.issues.map(({ path }) => path.join('.'));
    expect(pathsOf({ auth: { type: 'api-key', header: '', value: 'x' } })).toEqual([
      'spec.additionalProviders.0.auth.header',
    ]);
    expect(pathsOf({ transformer: { ...transformer, params: { model: 7 } } })).toEqual([
      'spec.additionalProviders.0.transformer.params.model',
    ]);
    expect(pathsOf({ transformer: { ...transformer, params: new UnfinishedJson('{') } })).toContain(
      'spec.additionalProviders.0.transformer.params',
    );
  });
});

describe('what is stored to show to a provider', () => {
  it('belongs to its name and to the provider', () => {
    expect(storedFor(saved, { id: 'openai-provider' })?.secrets).toEqual(['hop']);
    expect(storedFor(saved, { id: 'anthropic-provider', as: 'claude' })).toBeDefined();
    expect(storedFor(saved, { id: 'anthropic-provider', as: 'other' })).toBeUndefined();
    expect(storedFor(saved, { id: 'mistral-provider', as: 'claude' })).toBeUndefined();
    expect(storedFor(undefined, { id: 'openai-provider' })).toBeUndefined();
  });
});
