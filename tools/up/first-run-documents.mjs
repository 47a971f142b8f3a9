const apiVersion = 'penstock.dev/v1';

/** The name under which the demo proxy offers the simulated upstream's model. */
export const demoModel = 'demo';

const provider = (name, spec) => ({
  apiVersion,
  kind: 'LlmProvider',
  metadata: { name },
  spec: { version: 'v1.0', ...spec },
});

/** The simulated upstream as a provider; it accepts any model. */
export const demoProvider = (port) =>
  provider('simulated', {
    displayName: 'Simulated upstream - demo',
    template: 'vllm',
    upstream: { url: `http://127.0.0.1:${port}/v1` },
  });

/** The proxy at the root: the simulated upstream first, beside it whatever the environment added. */
export const demoProxy = (vendors) => ({
  apiVersion,
  kind: 'LlmProxy',
  metadata: { name: 'default' },
  spec: {
    displayName: 'Default',
    version: 'v1.0',
    context: '/',
    provider: { id: 'simulated' },
    additionalProviders: vendors.map((id) => ({ id })),
    models: [
      { name: demoModel, targets: [{ provider: 'simulated', model: 'simulated-chat', weight: 1, priority: 0 }] },
    ],
    policies: [],
  },
});

/** A key for every proxy and model. */
export const demoKey = {
  apiVersion,
  kind: 'VirtualKey',
  metadata: { name: 'demo' },
  spec: { team: 'default', proxies: ['*'], models: ['*'], quotas: [] },
};

const header = (name, value) => ({ type: 'api-key', header: name, value });

/** One provider for each vendor whose variable is set. */
export function providersFromEnvironment(env) {
  const bearer = (key) => header('Authorization', `Bearer ${key}`);
  const vendors = [
    ['OPENAI_API_KEY', 'openai', 'OpenAI', 'openai', 'https://api.openai.com/v1', bearer],
    [
      'ANTHROPIC_API_KEY',
      'anthropic',
      'Anthropic',
      'anthropic',
      'https://api.anthropic.com',
      (key) => header('x-api-key', key),
    ],
    [
      'GEMINI_API_KEY',
      'gemini',
      'Gemini',
      'gemini',
      'https://generativelanguage.googleapis.com',
      (key) => header('x-goog-api-key', key),
    ],
    ['MISTRAL_API_KEY', 'mistral', 'Mistral', 'mistralai', 'https://api.mistral.ai', bearer],
  ];
  const documents = vendors
    .filter(([variable]) => env[variable])
    .map(([variable, name, displayName, template, url, auth]) =>
      provider(name, { displayName, template, upstream: { url, auth: auth(env[variable]) } }),
    );
  if (env.VLLM_BASE_URL) documents.push(vllm(env));
  return documents;
}

function vllm(env) {
  const auth = env.VLLM_API_KEY ? { auth: header('Authorization', `Bearer ${env.VLLM_API_KEY}`) } : {};
  return provider('vllm', { displayName: 'vLLM', template: 'vllm', upstream: { url: env.VLLM_BASE_URL, ...auth } });
}
