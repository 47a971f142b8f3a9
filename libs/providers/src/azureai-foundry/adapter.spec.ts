import { describeProviderAdapter } from '../provider-conformance.ts';
import { azureAiFoundryAdapter } from './adapter.ts';

describeProviderAdapter('azureai-foundry', {
  adapter: azureAiFoundryAdapter,
  dialect: 'openai-chat',
  urls: [
    ['https://r.services.ai.azure.com', 'https://r.services.ai.azure.com/openai/v1/chat/completions'],
    [
      'https://r.services.ai.azure.com/api/projects/p/openai/v1',
      'https://r.services.ai.azure.com/api/projects/p/openai/v1/chat/completions',
    ],
  ],
  credential: { header: 'api-key', value: 'x' },
  sent: { 'api-key': 'x' },
  refusal: { body: '{"error":{"message":"why","code":"BadRequest"}}', message: 'why' },
});
