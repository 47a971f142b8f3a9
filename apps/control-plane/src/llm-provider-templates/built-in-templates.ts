import { LlmProviderTemplateSpec } from '@penstock/contracts';
import { anthropicTemplate } from './built-in/anthropic.ts';
import { awsBedrockTemplate } from './built-in/awsbedrock.ts';
import { azureAiFoundryTemplate } from './built-in/azureai-foundry.ts';
import { azureOpenAiTemplate } from './built-in/azure-openai.ts';
import { geminiTemplate } from './built-in/gemini.ts';
import { mistralAiTemplate } from './built-in/mistralai.ts';
import { openAiCompatibleTemplate } from './built-in/openai-compatible.ts';
import { openAiTemplate } from './built-in/openai.ts';
import type { TemplateInput } from './built-in/template-input.ts';
import { vllmTemplate } from './built-in/vllm.ts';

/** `managedBy` of the templates that come with the release. */
export const BUILT_IN_MANAGER = 'penstock';

const templates: Readonly<Record<string, TemplateInput>> = {
  openai: openAiTemplate,
  'azure-openai': azureOpenAiTemplate,
  'azureai-foundry': azureAiFoundryTemplate,
  anthropic: anthropicTemplate,
  mistralai: mistralAiTemplate,
  gemini: geminiTemplate,
  awsbedrock: awsBedrockTemplate,
  vllm: vllmTemplate,
  'openai-compatible': openAiCompatibleTemplate,
};

/** The vendors that Penstock knows without being told, and what their models can do, as data of the release. */
export const BUILT_IN_TEMPLATES: ReadonlyMap<string, LlmProviderTemplateSpec> = new Map(
  Object.entries(templates).map(([name, template]) => [
    name,
    LlmProviderTemplateSpec.parse({ groupId: name, version: 'v1.0', ...template, managedBy: BUILT_IN_MANAGER }),
  ]),
);
