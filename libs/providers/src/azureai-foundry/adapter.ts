import { azureOpenAiAdapter } from '../azure-openai/adapter.ts';
import { compatibleDialectFor } from '../openai-compatible/dialect-for.ts';
import type { ProviderAdapter } from '../provider-adapter.ts';

/** Models of any maker at Azure AI Foundry: the same API as Azure OpenAI's, but not every model has the Responses API. */
export const azureAiFoundryAdapter: ProviderAdapter = {
  ...azureOpenAiAdapter,
  template: 'azureai-foundry',
  dialectFor: compatibleDialectFor,
};
