import type { IncomingHttpHeaders } from 'node:http';
import type { CompiledProvider } from '../config/compiled-config.ts';
import { UpstreamExchange, type UpstreamListener } from './upstream-exchange.ts';

const MAX_BYTES = 4 * 1024 * 1024;

/** An answer that is not the JSON that was asked for. */
export class UnexpectedAnswerError extends Error {
  override readonly name = 'UnexpectedAnswerError';
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
      this.#reject(new UnexpectedAnswerError(`status ${this.#status}, ${this.#length} bytes`));
      return;
    }
    try {
      this.#resolve(JSON.parse(Buffer.concat(this.#chunks).toString('utf8')));
    } catch (error) {
      this.#reject(new UnexpectedAnswerError('the answer is not JSON', { cause: error }));
    }
  }

  onFailure(error: Error): void {
    this.#reject(error);
  }
}

/** Gets the list of models from a provider, as JSON of at most 4 MiB. For the background, not for a request's path. */
export function readUpstreamModels(
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
  return new Promise((resolve, reject) => {
    const { path, method, body, headers } = request;
    const options = {
      path,
      method,
      body,
      headers: headers as string[],
      headersTimeout: limits.timeoutMs,
      bodyTimeout: limits.timeoutMs,
    };
    provider.pool.send(new UpstreamExchange(options, new JsonAnswer(resolve, reject)));
  });
}
