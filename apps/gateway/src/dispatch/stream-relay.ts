import type { IncomingHttpHeaders } from 'node:http';
import { GatewayError } from '@penstock/contracts';
import { faultToError } from '@penstock/providers';
import type { PassThroughReader, Surface } from '../endpoints/surfaces/surface.ts';
import { CLIENT_CLOSED } from '../http/client-closed.ts';
import type { UpstreamExchange } from '../upstream/upstream-exchange.ts';
import { readUpstreamFailure } from '../upstream/upstream-failure.ts';
import { ClientStream } from './client-stream.ts';
import { failureOfFault } from './failure-of-fault.ts';
import { partialUsage } from './partial-usage.ts';
import type { AnswerEnd, Relay, RelayOwner } from './relay.ts';

/**
 * Passes a stream of events on as it arrives. Nothing is released before the first whole event, so that an upstream that
 * fails at once still gives a real error status; after it, an answer that breaks ends with an error frame and no success marker.
 */
export class StreamRelay implements Relay {
  readonly #owner: RelayOwner;
  readonly #surface: Surface;
  readonly #exchange: UpstreamExchange;
  readonly #reader: PassThroughReader;
  readonly #client: ClientStream;
  #over = false;

  constructor(owner: RelayOwner, surface: Surface, reader: PassThroughReader) {
    this.#owner = owner;
    this.#surface = surface;
    this.#exchange = owner.exchange;
    this.#reader = reader;
    this.#client = new ClientStream(owner);
  }

  get stalledSince(): number {
    return this.#client.stalledSince;
  }

  keepAlive(now: number): void {
    if (!this.#over) this.#client.keepAlive(now, this.#surface.keepAliveEvent);
  }

  onResponse(_status: number, _headers: IncomingHttpHeaders): void {
    // The dispatch has seen the head before it made this relay.
  }

  onData(chunk: Buffer): void {
    if (this.#over) return;
    const released = this.#reader.push(chunk);
    if (released !== null) this.#release(released);
    if (this.#reader.failure !== null) this.#fail(this.#reader.failure);
    else if (this.#reader.done) this.#complete();
  }

  onEnd(): void {
    if (this.#over) return;
    const released = this.#reader.end();
    if (released !== null) this.#release(released);
    if (this.#reader.done) this.#complete();
    else if (this.#reader.failure !== null) this.#fail(this.#reader.failure);
    else this.#fail(new GatewayError('upstream_error', 'The upstream ended its answer before it was complete.'));
  }

  onFailure(error: Error): void {
    if (!this.#over) this.#fail(readUpstreamFailure(error).error);
  }

  stop(error: GatewayError): boolean {
    if (this.#over || !this.#client.opened) {
      this.#over = true;
      return false;
    }
    this.#exchange.abort();
    this.#break(error);
    return true;
  }

  abandoned(): AnswerEnd {
    this.#over = true;
    return this.#end('client-closed', CLIENT_CLOSED, null);
  }

  #release(bytes: Buffer): void {
    const { context } = this.#owner;
    this.#client.open();
    if (context.firstTokenAt === 0 && this.#reader.hasContent) context.firstTokenAt = performance.now();
    this.#client.write(bytes);
  }

  #complete(): void {
    this.#client.open();
    this.#over = true;
    const { fault, terminal } = this.#reader;
    if (fault) this.#owner.broken();
    // A client that does not read may hold it back, and be gone before it reads on: then its connection would never be free again.
    this.#exchange.resume();
    const end = fault ? this.#end('failed', 200, faultToError(fault).error) : this.#end('completed', 200, null);
    this.#owner.finish(end, () => this.#client.end(terminal ?? ''));
  }

  #fail(error: GatewayError): void {
    this.#exchange.abort();
    if (this.#client.opened) {
      this.#owner.broken();
      this.#break(error);
    } else {
      this.#over = true;
      const { reported } = this.#reader;
      const said = reported ? failureOfFault(this.#owner.context.provider, reported) : null;
      const isLost = this.#reader.failure === null;
      this.#owner.rejected(said ?? { error, retryable: error.retryable, target: 'failed', isLost });
    }
  }

  #break(error: GatewayError): void {
    this.#over = true;
    const own = error === this.#reader.failure ? this.#reader.terminal : null;
    const isTold = own !== null && own.length > 0;
    const frame = isTold ? own : this.#surface.client.renderErrorFrame(error, this.#owner.context.requestId);
    this.#owner.finish(this.#end('failed', 200, error), () => this.#client.end(frame));
  }

  #end(outcome: AnswerEnd['outcome'], status: number, error: GatewayError | null): AnswerEnd {
    const { usage, contentEvents, finished } = this.#reader;
    if (outcome !== 'completed' && !finished)
      return { outcome, status, error, ...partialUsage(usage, contentEvents, this.#owner.workedMs), spent: true };
    return { outcome, status, error, usage, outputTokensSeen: contentEvents, spent: true };
  }
}
