import { describeProviderAdapter } from '../provider-conformance.ts';
import { openAiAdapter } from './adapter.ts';

describeProviderAdapter('openai', {
  adapter: openAiAdapter,
  dialect: 'openai-chat',
  urls: [
    ['https://api.openai.com/v1', 'https://api.openai.com/v1/chat/completions'],
    ['https://api.openai.com', 'https://api.openai.com/v1/chat/completions'],
    ['https://h/proxy/v1/', 'https://h/proxy/v1/chat/completions'],
  ],
  credential: { header: 'Authorization', value: 'Bearer x' },
  sent: { authorization: 'Bearer x' },
  refusal: {
    body: '{"error":{"message":"why","type":"invalid_request_error","code":null,"param":"x"}}',
    message: 'why',
  },
});
