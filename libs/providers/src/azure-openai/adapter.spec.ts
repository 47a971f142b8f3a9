import { describe, expect, it } from '@jest/globals';
import { Warnings } from '@penstock/dialects';
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

describe('C openai-to-azure-openai: a version that knows no stream_options', () => {
  const body = { messages: [], stream: true, stream_options: { include_usage: true } };
  const optionsAt = (apiVersion: string | null, stream = true) => {
    const call = { ...upstreamCall('openai-chat', { apiVersion }), stream };
    const needs = azureOpenAiAdapter.needsAdjustment?.({ members: [] }, Buffer.from('{}'), call) ?? false;
    return [needs, 'stream_options' in (azureOpenAiAdapter.adjustBody?.(body, call, new Warnings('lenient')) ?? {})];
  };

  it('is not sent them', () => {
    expect(optionsAt('2024-02-15-preview')).toEqual([true, false]);
    expect(optionsAt('2024-02-15-preview', false)[0]).toBe(false);
    for (const version of ['2024-09-01-preview', '2024-10-21', 'preview', null]) {
      expect(optionsAt(version)).toEqual([false, true]);
    }
  });
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
