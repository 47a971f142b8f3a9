import { describe, expect, it } from '@jest/globals';
import { LlmProxy } from '@penstock/contracts';
import { draftOfProxy, proxySchema } from './proxy-draft.ts';

const auth = { type: 'api-key', header: 'X-API-Key' } as const;
const transformer = { type: 'openai-to-anthropic', version: 'v1', params: { model: 'claude-x' } };
const saved = LlmProxy.parse({
  apiVersion: 'penstock.dev/v1',
  kind: 'LlmProxy',
  metadata: { name: 'multi', labels: {}, annotations: {} },
  spec: {
    displayName: 'Multi',
    version: 'v1.0',
    vhost: 'llm.example.com',
    provider: { id: 'openai-provider', auth },
    additionalProviders: [
      { id: 'anthropic-provider', as: 'claude', auth, transformer },
      { id: 'mistral-provider', auth: { type: 'none' } },
    ],
    resilience: { timeout: '90s' },
  },
  status: {
    id: '00000000-0000-4000-8000-000000000001',
    state: 'deployed',
    version: 1,
    createdAt: '2026-01-01T00:00:00.000Z',
    updatedAt: '2026-01-01T00:00:00.000Z',
  },
});

describe('the form of a proxy', () => {
  it('G7: sends back what it does not show: credentials and transformers of each provider', () => {
    const sent = proxySchema.parse(draftOfProxy(saved));
    expect(sent.spec).toEqual(saved.spec);
    expect(sent.spec.additionalProviders[0]).toEqual({ id: 'anthropic-provider', as: 'claude', auth, transformer });
    expect(sent.spec.provider.auth).toEqual(auth);
  });
});
