import { type SimulatedUpstream, startSimulatedUpstream } from '@penstock/testing';
import { readMetric } from './metrics.ts';

/** The server behind the gateway: a simulated one of the test file's own, or a vLLM that VLLM_BASE_URL names. */
export interface UpstreamUnderTest {
  /** Null for a vLLM. */
  readonly simulation: Simulation | null;
  /** Base URL with `/v1`. */
  readonly url: string;
  readonly apiKey: string | null;
  readonly chatModel: string;
  /** Null when it has no embeddings. */
  readonly embeddingsModel: string | null;
  /** Parameters of a chat that make its answer endless, together with the words `at length` in the last message. */
  readonly endless: Readonly<Record<string, unknown>>;
  /** Requests that it is working on. */
  running(): Promise<number>;
  /** Tokens that it has generated since its start. */
  generated(): Promise<number>;
  stop(): Promise<void>;
}

/** What only the simulated upstream can do. */
export interface Simulation {
  /** Parameters of a chat whose stream the upstream breaks off after some tokens. */
  readonly cut: Readonly<Record<string, unknown>>;
  /** All that it ever received and generated: the truth. */
  truth(): {
    readonly requests: number;
    readonly inputTokens: number;
    readonly outputTokens: number;
    readonly violations: number;
  };
  /** Every chat fails with this status from now on. */
  failWith(status: number): void;
  /** Every answer is endless from now on, up to the limit of tokens; for dialects that cannot carry `endless`. */
  answerEndlessly(): void;
  behaveAgain(): void;
  /** Listens again on its old port after `stop`. */
  comeBack(): Promise<void>;
}

const ENDLESS = { outputTokens: 100_000, tokenDelayMs: 10 };
const CHAT_MODEL = 'simulated-chat';
const EMBEDDINGS_MODEL = 'simulated-embeddings';

/** Finds out about the vLLM that VLLM_BASE_URL names, or starts a simulated upstream. */
export async function openUpstream(): Promise<UpstreamUnderTest> {
  const url = process.env['VLLM_BASE_URL'];
  return url ? openVllm(withVersion(url.replace(/\/$/, ''))) : openSimulated();
}

const withVersion = (url: string): string => (url.endsWith('/v1') ? url : `${url}/v1`);

/** Starts a simulated upstream. */
export async function openSimulated(): Promise<UpstreamUnderTest> {
  const server = await startSimulatedUpstream();
  return {
    simulation: simulationOf(server),
    ...measured(server.url),
    url: server.url,
    apiKey: null,
    chatModel: CHAT_MODEL,
    embeddingsModel: EMBEDDINGS_MODEL,
    endless: { simulate: ENDLESS },
    stop: () => server.stop(),
  };
}

function simulationOf(server: SimulatedUpstream): Simulation {
  const { port } = server;
  return {
    // Slow enough that the first tokens are through before the end comes.
    cut: { simulate: { tokenDelayMs: 20, fault: { kind: 'cut', beforeEvent: 6 } } },
    truth: () => server.ledger.totals(),
    failWith: (status) => server.configure({ fault: { kind: 'status', status, message: 'Failed', headers: {} } }),
    answerEndlessly: () => server.configure(ENDLESS),
    behaveAgain: () => server.configure({}),
    comeBack: () => server.listen(port),
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
    simulation: null,
    ...measured(url),
    url,
    apiKey,
    chatModel,
    embeddingsModel: probe.ok ? chatModel : null,
    endless: {},
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
