/** Where models of a vendor go, by `litellm_provider`: the templates whose upstreams serve them, and what stands before their names. */
export interface LiteLlmVendor {
  readonly templates: readonly string[];
  readonly prefixes: readonly string[];
}

/** Foundry serves the models of Azure OpenAI beside its own, at the same prices; its own list comes first. */
export const LITELLM_VENDORS: ReadonlyMap<string, LiteLlmVendor> = new Map([
  ['openai', { templates: ['openai'], prefixes: ['openai/'] }],
  ['text-completion-openai', { templates: ['openai'], prefixes: ['text-completion-openai/'] }],
  ['anthropic', { templates: ['anthropic'], prefixes: ['anthropic/'] }],
  ['azure_ai', { templates: ['azureai-foundry'], prefixes: ['azure_ai/'] }],
  ['azure', { templates: ['azure-openai', 'azureai-foundry'], prefixes: ['azure/'] }],
  ['azure_text', { templates: ['azure-openai', 'azureai-foundry'], prefixes: ['azure_text/', 'azure/'] }],
  ['bedrock', { templates: ['awsbedrock'], prefixes: ['bedrock/'] }],
  ['bedrock_converse', { templates: ['awsbedrock'], prefixes: ['bedrock_converse/', 'bedrock/'] }],
  ['gemini', { templates: ['gemini'], prefixes: ['gemini/'] }],
  ['mistral', { templates: ['mistralai'], prefixes: ['mistral/'] }],
]);

/**
 * The vendor's own name of a model; null for a price list's own variants of one (`azure/eu/…`, `bedrock/us-east-1/…`), which no
 * vendor calls so.
 */
export function vendorModelName(name: string, { prefixes }: LiteLlmVendor): string | null {
  const prefix = prefixes.find((candidate) => name.startsWith(candidate)) ?? '';
  const own = name.slice(prefix.length);
  return own === '' || own.includes('/') || own.length > 255 ? null : own;
}
