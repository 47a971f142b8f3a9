import { describe, expect, it } from '@jest/globals';
import { describeProviderAdapter, upstreamCall } from '../provider-conformance.ts';
import { vllmAdapter } from './adapter.ts';

describeProviderAdapter('vllm', {
  adapter: vllmAdapter,
  dialect: 'openai-chat',
  urls: [
    ['http://127.0.0.1:8000/v1', 'http://127.0.0.1:8000/v1/chat/completions'],
    ['http://127.0.0.1:8000', 'http://127.0.0.1:8000/v1/chat/completions'],
  ],
  credential: { header: 'Authorization', value: 'Bearer x' },
  sent: { authorization: 'Bearer x' },
  refusal: { body: '{"error":{"message":"why","type":"BadRequestError","param":null,"code":400}}', message: 'why' },
});

describe('counting tokens at vLLM', () => {
  it('stands beside the version of the API', () => {
    const call = upstreamCall('openai-chat', { operation: 'count-tokens' });
    expect(vllmAdapter.buildRequest({ ...call, baseUrl: 'http://h/x/v1' }).path).toBe('/x/tokenize');
    expect(vllmAdapter.readTokenCount?.({ count: 9, tokens: [1] })).toBe(9);
  });
});
