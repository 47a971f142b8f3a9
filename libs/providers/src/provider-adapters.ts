import type { Dialect } from '@penstock/contracts';
import { anthropicAdapter } from './anthropic/adapter.ts';
import { awsBedrockAdapter } from './awsbedrock/adapter.ts';
import { azureAiFoundryAdapter } from './azureai-foundry/adapter.ts';
import { azureOpenAiAdapter } from './azure-openai/adapter.ts';
import { geminiAdapter } from './gemini/adapter.ts';
import { mistralAiAdapter } from './mistralai/adapter.ts';
import { openAiAdapter } from './openai/adapter.ts';
import { openAiCompatibleAdapter } from './openai-compatible/adapter.ts';
import type { ProviderAdapter } from './provider-adapter.ts';
import { vllmAdapter } from './vllm/adapter.ts';

/** The adapters by the template they serve. */
export const providerAdapters: ReadonlyMap<string, ProviderAdapter> = new Map(
  [
    openAiAdapter,
    azureOpenAiAdapter,
    azureAiFoundryAdapter,
    anthropicAdapter,
    mistralAiAdapter,
    geminiAdapter,
    awsBedrockAdapter,
    vllmAdapter,
    openAiCompatibleAdapter,
  ].map((adapter) => [adapter.template, adapter]),
);

/** What serves templates that admins made, by their dialect. */
const BY_DIALECT: Readonly<Record<Dialect, ProviderAdapter>> = {
  'openai-chat': openAiCompatibleAdapter,
  'openai-responses': openAiAdapter,
  anthropic: anthropicAdapter,
  gemini: geminiAdapter,
  'bedrock-converse': awsBedrockAdapter,
};

/** The adapter for a provider's template: its own, or for an admin's template the plain one of its dialect. */
export function adapterFor(template: string, dialect: Dialect): ProviderAdapter {
  return providerAdapters.get(template) ?? BY_DIALECT[dialect];
}
