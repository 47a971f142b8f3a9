import type { IncomingHttpHeaders } from 'node:http';
import type { Dispatcher } from 'undici';
import type { ConnectionPool, PooledConnection } from './connection-pool.ts';

/** Follows one exchange with an upstream. Exactly one of `onEnd` and `onFailure` ends it; none of them may throw. */
export interface UpstreamListener {
  onResponse(status: number, headers: IncomingHttpHeaders): void;
  onData(chunk: Buffer): void;
  onEnd(): void;
  onFailure(error: Error): void;
}

/** Ends the exchange of a caller who has gone away, and other exchanges that nobody waits for any more. */
export class ExchangeAbortedError extends Error {
  override readonly name = 'ExchangeAbortedError';
}

/**
 * One request to an upstream and its answer: the handler that undici drives. It has fixed fields and no closures, since it
 * hangs on a connection that outlives it: what a long-lived object refers to survives many garbage collections.
 */
export class UpstreamExchange implements Dispatcher.DispatchHandler {
  listener: UpstreamListener | null;
  readonly options: Dispatcher.DispatchOptions;
  pool: ConnectionPool | null = null;
  connection: PooledConnection | null = null;
  #controller: Dispatcher.DispatchController | null = null;
  /** The connection had already served another exchange. */
  reusedConnection = false;
  /** It has a connection and is being written: the upstream may work on it. */
  started = false;
  /** Headers of the final answer have arrived. */
  responded = false;
  /** Links of the pool's queue. */
  next: UpstreamExchange | null = null;
  previous: UpstreamExchange | null = null;
  queued = false;
  /** When it was put into the pool's queue, on the monotonic clock. */
  queuedAt = 0;

  constructor(options: Dispatcher.DispatchOptions, listener: UpstreamListener) {
    this.options = options;
    this.listener = listener;
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.listener === null) controller.abort(new ExchangeAbortedError('nobody waits for the answer'));
    else this.started = true;
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    if (status < 200) return;
    this.responded = true;
    this.listener?.onResponse(status, headers);
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.listener?.onData(chunk);
  }

  onResponseEnd(): void {
    const listener = this.#finish();
    listener?.onEnd();
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    const listener = this.#finish();
    listener?.onFailure(error);
  }

  /** The upstream has to wait until `resume`. */
  pause(): void {
    this.#controller?.pause();
  }

  resume(): void {
    this.#controller?.resume();
  }

  /** Closes the connection at once; the listener hears nothing more. */
  abort(): void {
    if (this.listener === null) return;
    this.listener = null;
    const reason = new ExchangeAbortedError('aborted');
    if (this.queued) this.pool?.cancel(this);
    else if (this.#controller) this.#controller.abort(reason);
    else if (this.connection) this.pool?.discard(this, reason);
  }

  /** Gives the connection back; undici keeps nothing of a finished exchange. */
  #finish(): UpstreamListener | null {
    const { listener } = this;
    this.listener = null;
    this.#controller = null;
    this.pool?.release(this);
    return listener;
  }
}
