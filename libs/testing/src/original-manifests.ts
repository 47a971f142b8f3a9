/** Documents with the fields that the example manifests of the original's gateway have. */
export interface OriginalManifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly annotations?: Readonly<Record<string, string>> };
  readonly spec?: object;
  readonly stringData?: Readonly<Record<string, string>>;
}

const API_VERSION = 'gateway.api-platform.wso2.com/v1';
const project = { annotations: { 'gateway.api-platform.wso2.com/project-id': 'default' } };
const apiKeyParams = { key: 'X-API-Key', in: 'header' };

function document(kind: string, metadata: OriginalManifest['metadata'], spec: object): OriginalManifest {
  return { apiVersion: API_VERSION, kind, metadata, spec };
}

interface ProviderFacts {
  readonly name: string;
  readonly displayName: string;
  readonly template: string;
  readonly context?: string;
  readonly url: string;
  readonly header: string;
  readonly value: string;
  /** Each with its one method. */
  readonly paths: Readonly<Record<string, 'GET' | 'POST'>>;
}

/** Denies all but some paths, each of which asks for an API key. */
function provider({ name, displayName, template, context, url, header, value, paths }: ProviderFacts) {
  const places = Object.entries(paths).map(([path, method]) => ({ path, methods: [method] }));
  return document(
    'LlmProvider',
    { name },
    {
      displayName,
      version: 'v1.0',
      template,
      ...(context !== undefined && { context }),
      upstream: { url, auth: { type: 'api-key', header, value } },
      policies: [
        { name: 'api-key-auth', version: 'v1', paths: places.map((place) => ({ ...place, params: apiKeyParams })) },
      ],
      accessControl: { mode: 'deny_all', exceptions: places },
    },
  );
}

/** The providers of the vendors; those of the original have no context but for Bedrock's. */
export const originalProviders: readonly OriginalManifest[] = [
  provider({
    name: 'openai-provider',
    displayName: 'OpenAI Provider',
    template: 'openai',
    url: 'https://api.openai.com/v1',
    header: 'Authorization',
    value: 'Bearer REPLACE_WITH_OPENAI_KEY',
    paths: {
      '/chat/completions': 'POST',
      '/completions': 'POST',
      '/embeddings': 'POST',
      '/models': 'GET',
      '/models/{modelId}': 'GET',
    },
  }),
  provider({
    name: 'anthropic-provider',
    displayName: 'Anthropic Provider',
    template: 'anthropic',
    url: 'https://api.anthropic.com',
    header: 'x-api-key',
    value: 'REPLACE_WITH_ANTHROPIC_KEY',
    paths: { '/v1/messages': 'POST' },
  }),
  provider({
    name: 'azure-openai-provider',
    displayName: 'Azure OpenAI Provider',
    template: 'azure-openai',
    url: 'https://REPLACE-WITH-AZURE-OPENAI-ENDPOINT.example',
    header: 'api-key',
    value: 'REPLACE_WITH_AZURE_OPENAI_API_KEY',
    paths: {
      '/openai/deployments/{deployment}/chat/completions': 'POST',
      '/openai/deployments/{deployment}/completions': 'POST',
      '/openai/deployments/{deployment}/embeddings': 'POST',
      '/openai/models': 'GET',
    },
  }),
  provider({
    name: 'mistral-provider',
    displayName: 'Mistral Provider',
    template: 'mistralai',
    url: 'https://api.mistral.ai',
    header: 'Authorization',
    value: 'Bearer REPLACE_WITH_MISTRAL_API_KEY',
    paths: { '/v1/chat/completions': 'POST', '/v1/embeddings': 'POST', '/v1/models': 'GET' },
  }),
  provider({
    name: 'gemini-provider',
    displayName: 'Gemini Provider',
    template: 'gemini',
    url: 'https://generativelanguage.googleapis.com',
    header: 'x-goog-api-key',
    value: 'REPLACE_WITH_GEMINI_API_KEY',
    paths: { '/v1beta/models/{model}:generateContent': 'POST', '/v1beta/models/{model}:streamGenerateContent': 'POST' },
  }),
  provider({
    name: 'bedrock-provider',
    displayName: 'AWS Bedrock Provider',
    template: 'awsbedrock',
    context: '/bedrock',
    url: 'https://bedrock-runtime.us-east-1.amazonaws.com',
    header: 'Authorization',
    value: 'Bearer REPLACE_WITH_BEDROCK_API_KEY',
    paths: { '/model/{modelId}/converse': 'POST', '/model/{modelId}/converse-stream': 'POST' },
  }),
];

/** What a proxy shows one of the providers. */
export const hopKeyOf = (providerName: string): string =>
  `REPLACE_WITH_${providerName.toUpperCase().replaceAll('-', '_')}_LOOPBACK_KEY`;
const hop = (id: string) => ({ id, auth: { type: 'api-key', header: 'X-API-Key', value: hopKeyOf(id) } });
const CHAT = { path: '/chat/completions', methods: ['POST'] };

const TRANSFORMERS = {
  'anthropic-provider': { type: 'openai-to-anthropic', params: { model: 'claude-sonnet-4-5-20250929' } },
  'azure-openai-provider': {
    type: 'openai-to-azure-openai',
    params: { model: 'gpt-4o', apiVersion: '2024-02-15-preview' },
  },
  'mistral-provider': { type: 'openai-to-mistral', params: { model: 'mistral-large-latest' } },
  'gemini-provider': { type: 'openai-to-gemini', params: { model: 'gemini-2.5-flash', apiVersion: 'v1beta' } },
  'bedrock-provider': { type: 'openai-to-bedrock-transformer', params: { model: 'us.amazon.nova-lite-v1:0' } },
} as const;

/** One proxy over all of these vendors, with its consumer's key. */
export const originalMultiProvider: readonly OriginalManifest[] = [
  document(
    'LlmProxy',
    { name: 'openai-multi', ...project },
    {
      displayName: 'OpenAI Multi-Provider Proxy',
      version: 'v1.0',
      context: '/openai-multi',
      provider: hop('openai-provider'),
      additionalProviders: Object.entries(TRANSFORMERS).map(([id, { type, params }]) => ({
        ...hop(id),
        transformer: { type, version: 'v1', params },
      })),
      policies: [
        { name: 'api-key-auth', version: 'v1', paths: [{ ...CHAT, params: apiKeyParams }] },
        {
          name: 'llm-header-router',
          version: 'v1',
          paths: [
            {
              ...CHAT,
              params: {
                headerName: 'x-provider',
                defaultProvider: 'openai-provider',
                mappings: ['openai', 'anthropic', 'azure-openai', 'mistral', 'gemini', 'bedrock'].map(
                  (headerValue) => ({
                    headerValue,
                    provider: `${headerValue}-provider`,
                  }),
                ),
              },
            },
          ],
        },
      ],
    },
  ),
  document(
    'ApiKey',
    { name: 'openai-multi-consumer-key' },
    {
      parentRef: { kind: 'LlmProxy', name: 'openai-multi' },
      displayName: 'OpenAI multi-proxy consumer key',
      expiresIn: { duration: 30, unit: 'days' },
    },
  ),
];

/** Proxies over one vendor each, which translate by a policy. */
export const originalTranslators: readonly OriginalManifest[] = (
  [
    ['openai-to-anthropic', '/anthropic', 'anthropic-provider'],
    ['openai-to-azure-openai', '/azure-openai', 'azure-openai-provider'],
    ['openai-to-mistral', '/mistral', 'mistral-provider'],
    ['openai-to-bedrock', '/openai-bedrock', 'bedrock-provider'],
  ] as const
).map(([name, context, id]) => {
  const { type, params } = TRANSFORMERS[id];
  const policies = [{ name: type, version: 'v1', paths: [{ ...CHAT, params }] }];
  return document(
    'LlmProxy',
    { name, ...project },
    { displayName: `${name} proxy`, version: 'v1.0', context, provider: hop(id), policies },
  );
});

const at = (location: string, identifier: string) => ({ location, identifier });

/** A vendor of one's own: its template, and a provider with a context and a host. */
export const originalOwnVendor: readonly OriginalManifest[] = [
  document(
    'LlmProvider',
    { name: 'my-llm-provider' },
    {
      displayName: 'My LLM Provider',
      version: 'v1.0',
      context: '/my-llm-provider',
      template: 'my-llm-provider-template',
      vhost: 'api.my-llm-provider.local',
      upstream: {
        url: 'https://vendor.example/anything/v1',
        auth: { type: 'api-key', header: 'Authorization', value: 'REPLACE_WITH_KEY' },
      },
      accessControl: {
        mode: 'deny_all',
        exceptions: [CHAT, { path: '/models', methods: ['GET'] }, { path: '/models/{modelId}', methods: ['GET'] }],
      },
    },
  ),
  document(
    'LlmProviderTemplate',
    { name: 'my-llm-provider-template' },
    {
      displayName: 'OpenAI',
      groupId: 'openai',
      managedBy: 'organization',
      version: 'v1.0',
      promptTokens: at('payload', '$.usage.inputTokens'),
      completionTokens: at('payload', '$.usage.outputTokens'),
      totalTokens: at('payload', '$.usage.totalTokens'),
      remainingTokens: at('header', 'x-ratelimit-remaining-tokens'),
      requestModel: at('payload', '$.model'),
      responseModel: at('payload', '$.model'),
    },
  ),
];

/** A secret that takes its value from one of Kubernetes beside it. */
export const originalManagedSecret: readonly OriginalManifest[] = [
  document(
    'ManagedSecret',
    { name: 'openai-api-key' },
    {
      displayName: 'openai-api-key',
      description: 'Of the upstreams',
      value: { valueFrom: { name: 'openai-credentials', key: 'api-key' } },
    },
  ),
  {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'openai-credentials' },
    stringData: { 'api-key': 'REPLACE_ME' },
  },
];

/** A proxy with policies that are only an illustration there: it cannot be loaded. */
export const originalIllustration: OriginalManifest = document(
  'LlmProxy',
  { name: 'assistant', ...project },
  {
    displayName: 'Assistant',
    version: 'v1.0',
    context: '/assistant',
    provider: { id: 'my-llm-provider' },
    policies: ['semanticPromptGuard', 'multiModelRouting', 'multiProviderRouting', 'oAuth'].map((name) => ({
      name,
      version: 'v1',
      paths: [{ path: '/chat/completions', methods: ['POST'], params: { models: ['m'], value: { type: 'string' } } }],
    })),
  },
);

/** Every manifest that loads. */
export const originalManifests: readonly OriginalManifest[] = [
  ...originalMultiProvider,
  ...originalTranslators,
  ...originalProviders,
  ...originalOwnVendor,
  ...originalManagedSecret,
];
