import type { Dialect } from '@penstock/contracts';
import { openAiCompatibleAdapter } from './openai-compatible/adapter.ts';
import type { ProviderAdapter } from './provider-adapter.ts';

/** The adapters by the template they serve. */
export const providerAdapters: ReadonlyMap<string, ProviderAdapter> = new Map(
  ['openai', 'vllm', 'openai-compatible'].map((template) => [template, openAiCompatibleAdapter(template)]),
);

const fallback = openAiCompatibleAdapter('openai-compatible');

const BUILT_IN_WITHOUT_ADAPTER: ReadonlySet<string> = new Set([
  'azure-openai',
  'azureai-foundry',
  'mistralai',
  'awsbedrock',
]);

/**
 * The adapter for a provider's template. An admin's own template of dialect `openai-chat` is served as
 * OpenAI-compatible; undefined where this release cannot talk to the vendor.
 */
export function adapterFor(template: string, dialect: Dialect): ProviderAdapter | undefined {
  const adapter = providerAdapters.get(template);
  if (adapter) return adapter;
  return dialect === 'openai-chat' && !BUILT_IN_WITHOUT_ADAPTER.has(template) ? fallback : undefined;
}
