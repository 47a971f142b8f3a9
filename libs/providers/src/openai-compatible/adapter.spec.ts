import { describeProviderAdapter } from '../provider-conformance.ts';
import { openAiCompatibleAdapter } from './adapter.ts';

describeProviderAdapter('openai-compatible', {
  adapter: openAiCompatibleAdapter,
  dialect: 'openai-chat',
  urls: [
    ['http://h:1/v1', 'http://h:1/v1/chat/completions'],
    ['http://h:1/v1/', 'http://h:1/v1/chat/completions'],
    ['http://h:1', 'http://h:1/v1/chat/completions'],
    ['https://h/api/paas/v4', 'https://h/api/paas/v4/chat/completions'],
  ],
  credential: { header: 'X-Key', value: 'x' },
  sent: { 'x-key': 'x' },
  refusal: { body: '{"object":"error","message":"why","type":"BadRequestError","code":400}', message: 'why' },
});
