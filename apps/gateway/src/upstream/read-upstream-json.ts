import type { IncomingHttpHeaders } from 'node:http';
import type { UpstreamRequest } from '@penstock/providers';
import type { CompiledProvider } from '../config/compiled-config.ts';
import type { ConnectionPool } from './connection-pool.ts';
import { UpstreamExchange, type UpstreamListener } from './upstream-exchange.ts';

const MAX_BYTES = 4 * 1024 * 1024;

/** An answer that is not the JSON that was asked for. */
export class UnexpectedAnswerError extends Error {
  override readonly name = 'UnexpectedAnswerError';
  readonly status: number;

  constructor(message: string, status: number, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
  }
}

class JsonAnswer implements UpstreamListener {
  readonly #resolve: (value: unknown) => void;
  readonly #reject: (error: Error) => void;
  #status = 0;
  #chunks: Buffer[] = [];
  #length = 0;

  constructor(resolve: (value: unknown) => void, reject: (error: Error) => void) {
    this.#resolve = resolve;
    this.#reject = reject;
  }

  onResponse(status: number, _headers: IncomingHttpHeaders): void {
    this.#status = status;
  }

  onData(chunk: Buffer): void {
    this.#length += chunk.length;
    if (this.#length <= MAX_BYTES) this.#chunks.push(chunk);
  }

  onEnd(): void {
    if (this.#status !== 200 || this.#length > MAX_BYTES) {
      this.#reject(new UnexpectedAnswerError(`status ${this.#status}, ${this.#length} bytes`, this.#status));
      return;
    }
    try {
      this.#resolve(JSON.parse(Buffer.concat(this.#chunks).toString('utf8')));
    } catch (error) {
      this.#reject(new UnexpectedAnswerError('the answer is not JSON', this.#status, { cause: error }));
    }
  }

  onFailure(error: Error): void {
    this.#reject(error);
  }
}

/**
 * Gets the list of models from a provider, as JSON of at most 4 MiB. For the background, not for a request's path. Rejects where the
 * provider's access control does not let it through.
 */
export async function readUpstreamModels(
  provider: CompiledProvider,
  limits: { requestId: string; timeoutMs: number },
): Promise<unknown> {
  const profile = provider.profiles.of('', '');
  const request = provider.adapter.buildRequest({
    operation: 'models',
    dialect: provider.adapter.dialectFor('models', profile) ?? 'openai-chat',
    profile,
    baseUrl: provider.baseUrl,
    apiVersion: provider.apiVersion,
    upstreamModel: '',
    stream: false,
    body: null,
    auth: provider.auth,
    requestId: limits.requestId,
    clientHeaders: {},
    now: new Date(),
  });
  if (provider.rules?.ofRequest(request.method, request.path).allowed === false) {
    throw new Error(`the access control of '${provider.name}' does not let its list of models through`);
  }
  return new Promise((resolve, reject) => {
    provider.pool.send(new UpstreamExchange(sent(request, limits.timeoutMs), new JsonAnswer(resolve, reject)));
  });
}

/** Asks an upstream for JSON of at most 4 MiB. Rejects when the whole of it is not there in time; then nobody waits for the rest. */
export function askUpstreamJson(pool: ConnectionPool, request: UpstreamRequest, timeoutMs: number): Promise<unknown> {
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  const exchange = new UpstreamExchange(sent(request, timeoutMs), new JsonAnswer(resolve, reject));
  const timer = setTimeout(() => {
    exchange.abort();
    reject(new UnexpectedAnswerError(`no answer within ${timeoutMs} ms`, 0));
  }, timeoutMs);
  pool.send(exchange);
  return promise.finally(() => clearTimeout(timer));
}

function sent({ path, method, body, headers }: UpstreamRequest, timeoutMs: number) {
  return {
    path,
    method,
    body,
    headers: headers as string[],
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
  };
}
