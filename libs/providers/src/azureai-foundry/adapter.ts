import { azureOpenAiAdapter } from '../azure-openai/adapter.ts';
import { noSuchOperation } from '../http/no-such-operation.ts';
import { compatibleDialectFor } from '../openai-compatible/dialect-for.ts';
import type { ProviderAdapter } from '../provider-adapter.ts';

/** Models of any maker at Azure AI Foundry: the same API as Azure OpenAI's, but not every model has the Responses API. */
export const azureAiFoundryAdapter: ProviderAdapter = {
  ...azureOpenAiAdapter,
  template: 'azureai-foundry',
  dialectFor: compatibleDialectFor,
  buildRequest(call) {
    if (call.operation === 'count-tokens') noSuchOperation('azureai-foundry', call.operation);
    return azureOpenAiAdapter.buildRequest(call);
  },
};
