import { describe, expect, it } from '@jest/globals';
import { describeProviderAdapter, upstreamCall } from '../provider-conformance.ts';
import { azureOpenAiAdapter } from './adapter.ts';

describeProviderAdapter('azure-openai', {
  adapter: azureOpenAiAdapter,
  dialect: 'openai-chat',
  urls: [
    ['https://r.openai.azure.com', 'https://r.openai.azure.com/openai/v1/chat/completions'],
    ['https://r.openai.azure.com/openai', 'https://r.openai.azure.com/openai/v1/chat/completions'],
    ['https://r.openai.azure.com/openai/v1/', 'https://r.openai.azure.com/openai/v1/chat/completions'],
    [
      'https://r.openai.azure.com/openai/deployments/d',
      'https://r.openai.azure.com/openai/deployments/d/chat/completions?api-version=2024-10-21',
    ],
  ],
  credential: { header: 'api-key', value: 'x' },
  sent: { 'api-key': 'x' },
  refusal: { body: '{"error":{"message":"why","code":"BadRequest"}}', message: 'why' },
});

describe('a dated version of Azure OpenAI', () => {
  const dated = upstreamCall('openai-chat', { apiVersion: '2025-04-01-preview', upstreamModel: 'my prod' });

  it.each([
    ['chat', 'openai-chat', '/openai/deployments/my%20prod/chat/completions'],
    ['completions', 'openai-chat', '/openai/deployments/my%20prod/completions'],
    ['embeddings', 'openai-chat', '/openai/deployments/my%20prod/embeddings'],
    ['responses', 'openai-responses', '/openai/responses'],
    ['models', 'openai-chat', '/openai/models'],
  ] as const)('serves %s of %s at %s', (operation, dialect, path) => {
    for (const baseUrl of ['https://r.openai.azure.com', 'https://r.openai.azure.com/openai/v1']) {
      const request = azureOpenAiAdapter.buildRequest({ ...dated, operation, dialect, baseUrl });
      expect(request.path).toBe(`${path}?api-version=2025-04-01-preview`);
    }
  });

  it('never lets the name of a deployment lead to another path', () => {
    const asked = (upstreamModel: string) => () => azureOpenAiAdapter.buildRequest({ ...dated, upstreamModel });
    expect(asked('a/../b')().path).toContain('/deployments/a%2F..%2Fb/chat');
    expect(asked('..')).toThrow(expect.objectContaining({ code: 'model_not_found' }));
  });

  it('is not what a word such as preview asks for', () => {
    expect(azureOpenAiAdapter.buildRequest({ ...dated, apiVersion: 'preview' }).path).toBe(
      '/openai/v1/chat/completions?api-version=preview',
    );
  });
});
