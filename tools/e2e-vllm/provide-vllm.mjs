import path from 'node:path';
import { root } from '../bootstrap.mjs';
import { Problem } from '../services/problem.mjs';
import { ensureVllm, startVllm } from '../vllm/serve.mjs';

/**
 * The vLLM that VLLM_BASE_URL names, or one that is installed and started.
 * @returns {Promise<{ url: string, model: string, stop: () => Promise<void> }>} `url` with `/v1`
 */
export async function provideVllm(say, env = process.env) {
  if (env.VLLM_BASE_URL) return attach(env);
  const directory = path.join(root, '.penstock');
  await ensureVllm({ directory, say });
  const { url, model, stop } = await startVllm({ directory, say });
  return { url: `${url}/v1`, model, stop };
}

async function attach(env) {
  const base = env.VLLM_BASE_URL.replace(/\/$/, '');
  const url = base.endsWith('/v1') ? base : `${base}/v1`;
  const headers = env.VLLM_API_KEY ? { authorization: `Bearer ${env.VLLM_API_KEY}` } : {};
  const model = env.VLLM_MODEL ?? (await firstModel(url, headers));
  return { url, model, stop: async () => {} };
}

async function firstModel(url, headers) {
  try {
    const response = await fetch(`${url}/models`, { headers, signal: AbortSignal.timeout(10_000) });
    if (!response.ok) throw new Error(`status ${response.status}`);
    return (await response.json()).data[0].id;
  } catch (error) {
    const reason = error.cause?.code ?? error.cause?.message ?? error.message;
    throw new Problem(`The vLLM that VLLM_BASE_URL names does not list its models at ${url}/models: ${reason}.`);
  }
}
