import { LlmProviderTemplateSpec } from '@penstock/contracts';
import type { z } from 'zod';

/** `managedBy` of the templates that come with the release. */
export const BUILT_IN_MANAGER = 'penstock';

type TemplateInput = z.input<typeof LlmProviderTemplateSpec>;

const payload = (identifier: string) => ({ location: 'payload', identifier }) as const;
const header = (identifier: string) => ({ location: 'header', identifier }) as const;
const pathParam = (identifier: string) => ({ location: 'pathParam', identifier }) as const;

const openAiExtraction = {
  promptTokens: payload('$.usage.prompt_tokens'),
  completionTokens: payload('$.usage.completion_tokens'),
  totalTokens: payload('$.usage.total_tokens'),
  remainingTokens: header('x-ratelimit-remaining-tokens'),
  requestModel: payload('$.model'),
  responseModel: payload('$.model'),
};

const responsesMapping = {
  resources: [
    {
      resource: '/responses',
      ...openAiExtraction,
      promptTokens: payload('$.usage.input_tokens'),
      completionTokens: payload('$.usage.output_tokens'),
    },
  ],
};

const bearer = { authHeader: 'Authorization', authValuePrefix: 'Bearer ' };

const templates: Readonly<Record<string, TemplateInput>> = {
  openai: {
    displayName: 'OpenAI',
    defaultUrl: 'https://api.openai.com/v1',
    ...bearer,
    ...openAiExtraction,
    resourceMappings: responsesMapping,
  },
  'azure-openai': {
    displayName: 'Azure OpenAI',
    authHeader: 'api-key',
    ...openAiExtraction,
    resourceMappings: responsesMapping,
  },
  anthropic: {
    displayName: 'Anthropic',
    dialect: 'anthropic',
    defaultUrl: 'https://api.anthropic.com',
    authHeader: 'x-api-key',
    promptTokens: payload('$.usage.input_tokens'),
    completionTokens: payload('$.usage.output_tokens'),
    remainingTokens: header('anthropic-ratelimit-tokens-remaining'),
    requestModel: payload('$.model'),
    responseModel: payload('$.model'),
  },
  mistralai: {
    displayName: 'Mistral AI',
    defaultUrl: 'https://api.mistral.ai',
    ...bearer,
    ...openAiExtraction,
  },
  gemini: {
    displayName: 'Google Gemini',
    dialect: 'gemini',
    defaultUrl: 'https://generativelanguage.googleapis.com',
    authHeader: 'x-goog-api-key',
    promptTokens: payload('$.usageMetadata.promptTokenCount'),
    completionTokens: payload('$.usageMetadata.candidatesTokenCount'),
    totalTokens: payload('$.usageMetadata.totalTokenCount'),
    remainingTokens: header('x-ratelimit-remaining-tokens'),
    requestModel: pathParam(String.raw`(?<=models/)[a-zA-Z0-9.\-]+`),
    responseModel: payload('$.modelVersion'),
  },
  awsbedrock: {
    displayName: 'AWS Bedrock',
    ...bearer,
    promptTokens: payload('$.usage.inputTokens'),
    completionTokens: payload('$.usage.outputTokens'),
    totalTokens: payload('$.usage.totalTokens'),
    requestModel: pathParam('model/([A-Za-z0-9.:-]+)/'),
    responseModel: pathParam('model/([A-Za-z0-9.:-]+)/'),
  },
  vllm: {
    displayName: 'vLLM',
    defaultUrl: 'http://127.0.0.1:8000/v1',
    ...bearer,
    ...openAiExtraction,
    resourceMappings: responsesMapping,
  },
  'openai-compatible': {
    displayName: 'OpenAI compatible',
    ...bearer,
    ...openAiExtraction,
  },
};

/** The vendors that Penstock knows without being told: what is a fact of their wire formats, never a model's name. */
export const BUILT_IN_TEMPLATES: ReadonlyMap<string, LlmProviderTemplateSpec> = new Map(
  Object.entries(templates).map(([name, template]) => [
    name,
    LlmProviderTemplateSpec.parse({ groupId: name, ...template, managedBy: BUILT_IN_MANAGER }),
  ]),
);
