import {
  OpenAiToAnthropic,
  OpenAiToAzureOpenAi,
  OpenAiToBedrock,
  OpenAiToGemini,
  OpenAiToMistral,
} from '@penstock/contracts';
import { compileTranslation, type TranslationRoute } from '@penstock/routing';
import type { Policy } from '../policy.ts';
import { policyFactory } from '../policy-factory.ts';
import { SELECTED_PROVIDER } from '../selected-provider.ts';

export const openAiToAnthropic = policyFactory(OpenAiToAnthropic, (params) =>
  translation(OpenAiToAnthropic.name, { ...params, apiVersion: params.anthropicVersion }),
);
export const openAiToGemini = policyFactory(OpenAiToGemini, (params) => translation(OpenAiToGemini.name, params));
export const openAiToAzureOpenAi = policyFactory(OpenAiToAzureOpenAi, (params) =>
  translation(OpenAiToAzureOpenAi.name, params),
);
export const openAiToMistral = policyFactory(OpenAiToMistral, (params) => translation(OpenAiToMistral.name, params));
export const openAiToBedrock = policyFactory(OpenAiToBedrock, (params) => translation(OpenAiToBedrock.name, params));

/** Writing the request in the vendor's dialect is no step of its own: the gateway does that for every provider. */
function translation(name: string, route: TranslationRoute): Policy {
  const targetsOf = compileTranslation(route);
  return {
    name,
    onRoute({ metadata }, choice) {
      choice.targets = targetsOf(choice, metadata.get(SELECTED_PROVIDER) ?? '');
    },
  };
}
