import { describe, expect, it } from '@jest/globals';
import { describeProviderAdapter } from '../provider-conformance.ts';
import { mistralAiAdapter } from './adapter.ts';

describeProviderAdapter('mistralai', {
  adapter: mistralAiAdapter,
  dialect: 'openai-chat',
  urls: [
    ['https://api.mistral.ai', 'https://api.mistral.ai/v1/chat/completions'],
    ['https://api.mistral.ai/v1/', 'https://api.mistral.ai/v1/chat/completions'],
  ],
  credential: { header: 'Authorization', value: 'Bearer x' },
  sent: { authorization: 'Bearer x' },
  refusal: { body: '{"object":"error","message":"why","type":"invalid_request_error","code":"1"}', message: 'why' },
});

describe('errors of Mistral', () => {
  it('name the fields that it does not know', () => {
    const body = '{"detail":[{"type":"extra_forbidden","loc":["body","user"],"msg":"Extra inputs are not permitted"}]}';
    const { error } = mistralAiAdapter.readError(422, {}, body);
    expect([error.status, error.message]).toEqual([422, expect.stringContaining('user')]);
  });
});
