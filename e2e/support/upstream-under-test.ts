import { type SimulatedUpstream, startSimulatedUpstream } from '@penstock/testing';
import { readMetric } from './metrics.ts';

/** The server behind the gateway: a simulated one of the test file's own, or a vLLM that VLLM_BASE_URL names. */
export interface UpstreamUnderTest {
  /** What only the simulated one can do: show its ledger and play faults. Null for a vLLM. */
  readonly simulated: SimulatedUpstream | null;
  /** Base URL with `/v1`. */
  readonly url: string;
  readonly apiKey: string | null;
  readonly chatModel: string;
  /** Answers without end when the last message contains `at length`; the same as `chatModel` where no other is needed. */
  readonly endlessModel: string;
  /** Null when it has no embeddings. */
  readonly embeddingsModel: string | null;
  /** Requests that it is working on. */
  running(): Promise<number>;
  /** Tokens that it has generated since its start. */
  generated(): Promise<number>;
  stop(): Promise<void>;
}

const CHAT_MODEL = 'simulated-chat';
const ENDLESS = '~tokens=100000~tokenDelayMs=10';

/** Whether the tests run against a real vLLM. */
export const isVllm = Boolean(process.env['VLLM_BASE_URL']);

/** Finds out about the vLLM that VLLM_BASE_URL names, or starts a simulated upstream. */
export async function openUpstream(): Promise<UpstreamUnderTest> {
  const url = process.env['VLLM_BASE_URL'];
  return url ? openVllm(withVersion(url)) : openSimulated();
}

const withVersion = (url: string): string => (/\/v1\/?$/.test(url) ? url.replace(/\/$/, '') : `${url.replace(/\/$/, '')}/v1`);

/** Starts a simulated upstream. */
export async function openSimulated(): Promise<UpstreamUnderTest> {
  const simulated = await startSimulatedUpstream();
  return {
    simulated,
    ...measured(simulated.url),
    url: simulated.url,
    apiKey: null,
    chatModel: CHAT_MODEL,
    endlessModel: `${CHAT_MODEL}${ENDLESS}`,
    embeddingsModel: 'simulated-embeddings',
    stop: () => simulated.stop(),
  };
}

async function openVllm(url: string): Promise<UpstreamUnderTest> {
  const apiKey = process.env['VLLM_API_KEY'] ?? null;
  const headers: Record<string, string> = apiKey === null ? {} : { authorization: `Bearer ${apiKey}` };
  const models = (await (await fetch(`${url}/models`, { headers })).json()) as { data: { id: string }[] };
  const chatModel = process.env['VLLM_MODEL'] ?? models.data[0]?.id;
  if (!chatModel) throw new Error(`${url}/models lists no model.`);
  const probe = await fetch(`${url}/embeddings`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify({ model: chatModel, input: 'water' }),
  });
  return {
    simulated: null,
    ...measured(url),
    url,
    apiKey,
    chatModel,
    endlessModel: chatModel,
    embeddingsModel: probe.ok ? chatModel : null,
    stop: async () => {},
  };
}

function measured(url: string): Pick<UpstreamUnderTest, 'running' | 'generated'> {
  const metrics = new URL('/metrics', url).href;
  return {
    running: () => readMetric(metrics, 'vllm:num_requests_running'),
    generated: () => readMetric(metrics, 'vllm:generation_tokens_total'),
  };
}
