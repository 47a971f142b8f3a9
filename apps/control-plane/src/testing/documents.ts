/** Small valid documents. */
export const provider = (name: string, spec: object = {}) => ({
  metadata: { name },
  spec: { displayName: name, template: 'vllm', upstream: { url: 'http://127.0.0.1:18000/v1' }, ...spec },
});
export const providerWithSecret = (name: string, value: string) =>
  provider(name, {
    upstream: { url: 'http://127.0.0.1:18000/v1', auth: { type: 'api-key', header: 'Authorization', value } },
  });
export const proxy = (name: string, providerName: string, spec: object = {}) => ({
  metadata: { name },
  spec: { displayName: name, context: `/${name}`, provider: { id: providerName }, ...spec },
});
export const quota = (name: string, spec: object = {}) => ({
  metadata: { name },
  spec: { limits: [{ unit: 'requests', window: 'minute', max: 60, burst: 10 }], ...spec },
});
export const virtualKey = (name: string, spec: object = {}) => ({ metadata: { name }, spec });
export const team = (name: string, spec: object = {}) => ({ metadata: { name }, spec: { displayName: name, ...spec } });
export const organization = (spec: object = {}) => ({ metadata: { name: 'default' }, spec });
export const price = (name: string, providerName: string, spec: object = {}) => ({
  metadata: { name },
  spec: { provider: providerName, model: 'qwen', inputPerMillion: 100_000, outputPerMillion: 200_000, ...spec },
});
export const template = (name: string, spec: object = {}) => ({
  metadata: { name },
  spec: { displayName: name, ...spec },
});
