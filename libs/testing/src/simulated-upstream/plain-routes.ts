import type { ServerResponse } from 'node:http';
import { BehaviourChange } from './behaviour.ts';
import { tokenize } from './operations.ts';
import { refuse } from './refuse.ts';
import type { SimulatedUpstream } from './simulated-upstream.ts';

interface PlainRequest {
  readonly method: string;
  readonly path: string;
  readonly body: Buffer;
  readonly response: ServerResponse;
}

type PlainRoute = (upstream: SimulatedUpstream, body: Buffer) => unknown;

/** Routes that generate nothing. Those that begin with `/__` are for tests: they show and steer the upstream. */
const routes: ReadonlyMap<string, PlainRoute> = new Map<string, PlainRoute>([
  ['GET /health', () => ''],
  ['GET /version', () => ({ version: 'simulated' })],
  ['GET /v1/models', (upstream) => ({ object: 'list', data: upstream.models.map(modelCard) })],
  ['POST /tokenize', (_, body) => tokenize(JSON.parse(body.toString()) as object)],
  ['GET /metrics', (upstream) => metrics(upstream)],
  ['GET /__ledger', ({ ledger }) => ({ totals: ledger.totals(), entries: ledger.entries })],
  ['POST /__configure', (upstream, body) => upstream.configure(BehaviourChange.parse(JSON.parse(body.toString())))],
  ['POST /__reset', (upstream) => upstream.reset()],
]);

/** Answers a route that generates nothing, or with 404. */
export function answerPlainRoute(upstream: SimulatedUpstream, { method, path, body, response }: PlainRequest): void {
  const route = routes.get(`${method} ${path}`);
  if (!route) {
    response.writeHead(404, { 'content-type': 'application/json' }).end('{"detail":"Not Found"}');
    return;
  }
  try {
    const answer = route(upstream, body);
    const isText = typeof answer === 'string';
    response.writeHead(200, { 'content-type': isText ? 'text/plain' : 'application/json' });
    response.end(isText ? answer : JSON.stringify(answer ?? {}));
  } catch (error) {
    refuse(response, 400, (error as Error).message, 'BadRequestError');
  }
}

function modelCard(id: string): object {
  return {
    id,
    object: 'model',
    created: 1_760_000_000,
    owned_by: 'vllm',
    root: id,
    parent: null,
    max_model_len: 32_768,
    permission: [],
  };
}

function metrics(upstream: SimulatedUpstream): string {
  const { outputTokens } = upstream.ledger.totals();
  return `vllm:num_requests_running ${upstream.inFlight}\nvllm:num_requests_waiting 0\nvllm:generation_tokens_total ${outputTokens}\n`;
}
