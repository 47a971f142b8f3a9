import type { IncomingHttpHeaders } from 'node:http';
import { GatewayError } from '@penstock/contracts';
import { CHAT_STREAM_END, ChatStreamReader, openAiErrorFrame } from '@penstock/dialects';
import { answerHeaders } from '../http/answer-headers.ts';
import { CLIENT_CLOSED } from '../http/client-closed.ts';
import { endResponse } from '../http/end-response.ts';
import type { UpstreamExchange } from '../upstream/upstream-exchange.ts';
import { readUpstreamFailure } from '../upstream/upstream-failure.ts';
import type { AnswerEnd, Relay, RelayOwner } from './relay.ts';

const EVENT_STREAM = 'text/event-stream; charset=utf-8';

/**
 * Passes a stream of events on as it arrives. Nothing is released before the first whole event, so that an upstream that
 * fails at once still gives a real error status; after it, an answer that breaks ends with an error frame and no `[DONE]`.
 */
export class StreamRelay implements Relay {
  readonly #owner: RelayOwner;
  readonly #exchange: UpstreamExchange;
  readonly #reader: ChatStreamReader;
  #released = false;
  #over = false;
  #drainHandled = false;
  stalledSince = 0;

  constructor(owner: RelayOwner) {
    this.#owner = owner;
    this.#exchange = owner.exchange;
    this.#reader = new ChatStreamReader({ hideUsage: owner.context.facts?.includeUsage !== true });
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
    else this.#fail(new GatewayError('upstream_error', 'The upstream ended its answer before it was complete.'));
  }

  onFailure(error: Error): void {
    if (!this.#over) this.#fail(readUpstreamFailure(error).error);
  }

  stop(error: GatewayError): boolean {
    if (this.#over || !this.#released) {
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
    if (!this.#released) this.#open();
    if (context.firstTokenAt === 0 && this.#reader.hasContent) context.firstTokenAt = performance.now();
    if (context.response.write(bytes)) return;
    this.#exchange.pause();
    this.stalledSince = performance.now();
    if (this.#drainHandled) return;
    this.#drainHandled = true;
    context.response.on('drain', () => {
      this.stalledSince = 0;
      this.#exchange.resume();
    });
  }

  #open(): void {
    const { context } = this.#owner;
    this.#released = true;
    this.#owner.accepted();
    const headers = answerHeaders(context, EVENT_STREAM);
    headers.push('cache-control', 'no-cache', 'x-accel-buffering', 'no');
    context.response.writeHead(200, headers);
  }

  #complete(): void {
    if (!this.#released) this.#open();
    this.#over = true;
    this.#owner.finish(this.#end('completed', 200, null));
    endResponse(this.#owner.context.response, CHAT_STREAM_END);
  }

  #fail(error: GatewayError): void {
    this.#exchange.abort();
    if (this.#released) {
      this.#owner.broken();
      this.#break(error);
    } else {
      this.#over = true;
      this.#owner.rejected({ error, retryable: true, target: 'failed' });
    }
  }

  #break(error: GatewayError): void {
    this.#over = true;
    this.#owner.finish(this.#end('failed', 200, error));
    endResponse(this.#owner.context.response, openAiErrorFrame(error));
  }

  #end(outcome: AnswerEnd['outcome'], status: number, error: GatewayError | null): AnswerEnd {
    const { usage, contentEvents } = this.#reader;
    return { outcome, status, error, usage, outputTokensSeen: contentEvents, spent: true };
  }
}
