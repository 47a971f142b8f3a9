/** What a prefix of LiteLLM's model names is here. */
export interface LitellmVendor {
  readonly template: string;
  /** Undefined: the config must name it. */
  readonly url?: string;
  /** How the credential is sent. */
  readonly auth: { readonly header: string; readonly prefix: string };
  /** Appended to an `api_base` without it. */
  readonly versionPath?: string;
}

const bearer = { header: 'Authorization', prefix: 'Bearer ' };
const compatible = (url: string): LitellmVendor => ({ template: 'openai-compatible', url, auth: bearer });
const azure = { header: 'api-key', prefix: '' };

const VENDORS: Readonly<Record<string, LitellmVendor>> = {
  openai: { template: 'openai', url: 'https://api.openai.com/v1', auth: bearer },
  'text-completion-openai': { template: 'openai', url: 'https://api.openai.com/v1', auth: bearer },
  anthropic: { template: 'anthropic', url: 'https://api.anthropic.com', auth: { header: 'x-api-key', prefix: '' } },
  azure: { template: 'azure-openai', auth: azure },
  azure_ai: { template: 'azureai-foundry', auth: azure },
  gemini: {
    template: 'gemini',
    url: 'https://generativelanguage.googleapis.com',
    auth: { header: 'x-goog-api-key', prefix: '' },
  },
  mistral: { template: 'mistralai', url: 'https://api.mistral.ai', auth: bearer },
  hosted_vllm: { template: 'vllm', auth: bearer },
  vllm: { template: 'vllm', auth: bearer },
  custom_openai: { template: 'openai-compatible', auth: bearer },
  openai_like: { template: 'openai-compatible', auth: bearer },
  litellm_proxy: { template: 'openai-compatible', auth: bearer },
  lm_studio: { template: 'openai-compatible', auth: bearer },
  llamafile: { ...compatible('http://127.0.0.1:8080/v1') },
  ollama: { ...compatible('http://127.0.0.1:11434/v1'), versionPath: '/v1' },
  ollama_chat: { ...compatible('http://127.0.0.1:11434/v1'), versionPath: '/v1' },
  groq: compatible('https://api.groq.com/openai/v1'),
  deepseek: compatible('https://api.deepseek.com/v1'),
  together_ai: compatible('https://api.together.xyz/v1'),
  openrouter: compatible('https://openrouter.ai/api/v1'),
  fireworks_ai: compatible('https://api.fireworks.ai/inference/v1'),
  xai: compatible('https://api.x.ai/v1'),
  nvidia_nim: compatible('https://integrate.api.nvidia.com/v1'),
  cerebras: compatible('https://api.cerebras.ai/v1'),
  sambanova: compatible('https://api.sambanova.ai/v1'),
  perplexity: compatible('https://api.perplexity.ai'),
  deepinfra: compatible('https://api.deepinfra.com/v1/openai'),
  moonshot: compatible('https://api.moonshot.ai/v1'),
};

/** Vendors that LiteLLM knows and Penstock does not, or not by a key that is sent along. */
const UNSUPPORTED = new Set([
  'ai21',
  'bedrock',
  'bedrock_converse',
  'cloudflare',
  'codestral',
  'cohere',
  'cohere_chat',
  'databricks',
  'github',
  'github_copilot',
  'huggingface',
  'nlp_cloud',
  'petals',
  'predibase',
  'replicate',
  'sagemaker',
  'sagemaker_chat',
  'vertex_ai',
  'vertex_ai_beta',
  'voyage',
  'watsonx',
]);

/** The vendor of a LiteLLM model name with the name that the vendor knows; undefined for a vendor that cannot be converted. */
export function readLitellmModel(
  text: string,
): { readonly prefix: string; readonly vendor: LitellmVendor; readonly model: string } | undefined {
  const [, prefix = '', rest = ''] = /^([^/]+)\/(.+)$/.exec(text) ?? [];
  const known = Object.hasOwn(VENDORS, prefix) ? VENDORS[prefix] : undefined;
  if (known) return { prefix, vendor: known, model: rest.replace(/^(responses|converse|chat)\//, '') };
  if (UNSUPPORTED.has(prefix)) return undefined;
  const guessed = guessVendor(text);
  const vendor = VENDORS[guessed];
  return vendor && { prefix: guessed, vendor, model: text };
}

/** LiteLLM knows the names of the great vendors' models without a prefix; everything else it asks of OpenAI. */
function guessVendor(model: string): string {
  if (model.startsWith('claude')) return 'anthropic';
  if (model.startsWith('gemini')) return 'gemini';
  if (/^(mistral|ministral|magistral|pixtral|open-mi)/.test(model)) return 'mistral';
  return 'openai';
}
