import { answerHeaders } from '../http/answer-headers.ts';
import { endResponse } from '../http/end-response.ts';
import type { RelayOwner } from './relay.ts';

const EVENT_STREAM = 'text/event-stream; charset=utf-8';

/** The client's side of a streamed answer: opens it with the first bytes, and holds the upstream back while the client reads slower. */
export class ClientStream {
  readonly #owner: RelayOwner;
  #opened = false;
  #drainHandled = false;
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

  end(bytes: Buffer | string): void {
    this.open();
    endResponse(this.#owner.context.response, bytes);
  }
}
