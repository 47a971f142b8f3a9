import { answerHeaders } from '../http/answer-headers.ts';
import { endResponse } from '../http/end-response.ts';
import type { RelayOwner } from './relay.ts';

export const EVENT_STREAM = 'text/event-stream; charset=utf-8';
/** Proxies on the way close a connection on which nothing moves, mostly after a minute. */
const QUIET_MS = 15_000;

/** The client's side of a streamed answer: opens it with the first bytes, and holds the upstream back while the client reads slower. */
export class ClientStream {
  readonly #owner: RelayOwner;
  #opened = false;
  #drainHandled = false;
  #writtenAt = 0;
  /** When the client stopped reading, on the monotonic clock; 0 while it reads. */
  stalledSince = 0;

  constructor(owner: RelayOwner) {
    this.#owner = owner;
  }

  /** Something was released: the answer's status cannot change any more. */
  get opened(): boolean {
    return this.#opened;
  }

  write(bytes: Buffer | string): void {
    const { context, exchange } = this.#owner;
    this.open();
    this.#writtenAt = performance.now();
    if (context.response.write(bytes)) return;
    exchange.pause();
    this.stalledSince = performance.now();
    if (this.#drainHandled) return;
    this.#drainHandled = true;
    context.response.on('drain', () => {
      this.stalledSince = 0;
      exchange.resume();
    });
  }

  open(): void {
    if (this.#opened) return;
    this.#opened = true;
    const { context } = this.#owner;
    this.#owner.accepted();
    const headers = answerHeaders(context, EVENT_STREAM);
    headers.push('cache-control', 'no-cache', 'x-accel-buffering', 'no');
    context.response.writeHead(200, headers);
  }

  /** Tells a waiting client that the answer is still coming. Only whole events have been written, so that it may stand anywhere. */
  keepAlive(now: number, event: string): void {
    if (this.#opened && this.stalledSince === 0 && now - this.#writtenAt > QUIET_MS) this.write(event);
  }

  end(bytes: Buffer | string): void {
    this.open();
    endResponse(this.#owner.context.response, bytes);
  }
}
