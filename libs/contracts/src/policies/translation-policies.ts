import { z } from 'zod';
import { definePolicy } from './policy-definition.ts';

/** Which provider the translation belongs to; `providerId`, `id` and `provider` mean the same. */
const ProviderName = z.string().min(1).max(253).meta({ 'x-suggestions': 'providers' });
const providerFields = {
  providerId: ProviderName.optional(),
  id: ProviderName.optional(),
  provider: ProviderName.optional(),
  upstreamName: ProviderName.optional(),
};

/** The provider by whose choice the policy runs, and where it sends. */
function namesIn({ providerId, id, provider, upstreamName }: ProviderNames) {
  return Object.entries({ providerId, id, provider, upstreamName }).flatMap(([path, name]) =>
    name === undefined ? [] : [{ path: [path], name }],
  );
}

const Model = z.string().min(1).max(255);
const ApiVersion = z.string().min(1).max(40);

interface ProviderNames {
  readonly providerId?: string | undefined;
  readonly id?: string | undefined;
  readonly provider?: string | undefined;
  readonly upstreamName?: string | undefined;
}

const translation = <Params extends z.ZodType<ProviderNames>>(vendor: string, title: string, params: Params) =>
  definePolicy({
    name: `openai-to-${vendor}`,
    aliases: [`openai-to-${vendor}-transformer`],
    title: `OpenAI to ${title}`,
    description: `Callers speak OpenAI's dialect, the provider ${title}'s. Runs when its provider was chosen, or always without a choice.`,
    category: 'translation',
    proxyOnly: true,
    params,
    providersIn: namesIn,
  });

export const OpenAiToAnthropic = translation(
  'anthropic',
  'Anthropic',
  z.strictObject({ ...providerFields, model: Model.optional(), anthropicVersion: ApiVersion.optional() }),
);
export const OpenAiToGemini = translation(
  'gemini',
  'Gemini',
  z.strictObject({ ...providerFields, model: Model.optional(), apiVersion: ApiVersion.optional() }),
);
export const OpenAiToAzureOpenAi = translation(
  'azure-openai',
  'Azure OpenAI',
  z.strictObject({
    ...providerFields,
    apiVersion: ApiVersion,
    model: Model.optional(),
    pathSuffix: z
      .string()
      .regex(/^\/?chat\/completions$/, "must be '/chat/completions': other operations have paths of their own")
      .optional(),
  }),
);
export const OpenAiToMistral = translation(
  'mistral',
  'Mistral',
  z.strictObject({ ...providerFields, model: Model.optional() }),
);
export const OpenAiToBedrock = translation(
  'bedrock',
  'Amazon Bedrock',
  z.strictObject({ ...providerFields, model: Model.optional() }),
);

export const translationPolicies = [
  OpenAiToAnthropic,
  OpenAiToGemini,
  OpenAiToAzureOpenAi,
  OpenAiToMistral,
  OpenAiToBedrock,
] as const;
