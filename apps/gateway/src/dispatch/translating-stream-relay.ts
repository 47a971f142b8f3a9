import { GatewayError } from '@penstock/contracts';
import {
  type CanonicalEvent,
  type CanonicalUsage,
  type SseEvent,
  SseEventTooLargeError,
  toTokenUsage,
} from '@penstock/dialects';
import { CLIENT_CLOSED } from '../http/client-closed.ts';
import type { UpstreamExchange } from '../upstream/upstream-exchange.ts';
import { readUpstreamFailure, type UpstreamFailure } from '../upstream/upstream-failure.ts';
import type { AnswerTranslation, StreamTranslation } from './answer-translation.ts';
import type { StreamFilter } from '../policies/policy.ts';
import { ClientStream } from './client-stream.ts';
import { failureOfFault } from './failure-of-fault.ts';
import { partialUsage } from './partial-usage.ts';
import type { AnswerEnd, Relay, RelayOwner } from './relay.ts';

/** Reads events out of an upstream's bytes: server-sent ones, or AWS's binary ones. */
export interface EventParser {
  push(bytes: Buffer): readonly SseEvent[];
  end(): readonly SseEvent[];
}

/** How the upstream's stream is read and the client's is kept alive. */
export interface TranslatedStream {
  readonly parser: EventParser;
  readonly keepAliveEvent: string;
  /** What policies do to its events; null: nothing. */
  readonly filter: StreamFilter | null;
}

/** With these the model has begun to answer; before them an upstream may still say that it cannot. */
const MEANINGFUL: ReadonlySet<CanonicalEvent['type']> = new Set([
  'text',
  'refusal',
  'reasoning',
  'reasoning-signature',
  'tool-call-start',
  'finish',
  'end',
]);

/**
 * Passes a stream on in another dialect. Nothing is released before the first meaningful event, so that an error that comes
 * first becomes a real status and other targets can be tried; after it, an answer that breaks ends with an error frame.
 */
export class TranslatingStreamRelay implements Relay {
  readonly #owner: RelayOwner;
  readonly #exchange: UpstreamExchange;
  readonly #answer: AnswerTranslation;
  readonly #stream: StreamTranslation;
  readonly #parser: EventParser;
  readonly #client: ClientStream;
  readonly #keepAliveEvent: string;
  readonly #filter: StreamFilter | null;
  /** What waits for the first meaningful event, and then for the end of what one chunk brings. */
  #waiting = '';
  #meaningful = false;
  /** Why the model ended has been told. */
  #finished = false;
  #over = false;
  #usage: Partial<CanonicalUsage> | null = null;
  #contentEvents = 0;
  /** What came while a policy waits, in its order; null: none does. */
  #queue: (() => void)[] | null = null;

  constructor(owner: RelayOwner, answer: AnswerTranslation, stream: TranslatedStream) {
    this.#owner = owner;
    this.#exchange = owner.exchange;
    this.#answer = answer;
    this.#stream = answer.stream();
    this.#parser = stream.parser;
    this.#keepAliveEvent = stream.keepAliveEvent;
    this.#filter = stream.filter;
    this.#client = new ClientStream(owner);
  }

  get stalledSince(): number {
    return this.#client.stalledSince;
  }

  keepAlive(now: number): void {
    if (!this.#over) this.#client.keepAlive(now, this.#keepAliveEvent);
  }

  onResponse(): void {
    // The dispatch has seen the head before it made this relay.
  }

  onData(chunk: Buffer): void {
    if (!this.#over) this.#read(() => this.#take(this.#parser.push(chunk)));
    if (this.#queue && !this.#over) this.#exchange.pause();
  }

  onEnd(): void {
    if (this.#over) return;
    this.#read(() => {
      this.#take(this.#parser.end());
      if (!this.#over) this.#takeAll(this.#stream.end());
      this.#inOrder(() => this.#fail(cutOff()));
    });
  }

  onFailure(error: Error): void {
    if (!this.#over) this.#fail(readUpstreamFailure(error));
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

  /** What an upstream sends may be anything: an event that cannot be read breaks the answer, never the gateway. */
  #read(step: () => void): void {
    try {
      step();
    } catch (error) {
      if (this.#over) throw error;
      if (error instanceof GatewayError && error.code === 'policy_refused') {
        this.#fail({ error, retryable: false, target: 'alive' });
        return;
      }
      const message =
        error instanceof SseEventTooLargeError
          ? 'The upstream sent an event that is too large.'
          : 'The upstream sent an event that cannot be read.';
      this.#fail(upstreamFailure(new GatewayError('upstream_error', message, { cause: error })));
      return;
    }
    if (!this.#over && this.#meaningful && this.#waiting !== '') this.#release();
  }

  #take(events: readonly SseEvent[]): void {
    for (const event of events) {
      if (this.#over) return;
      this.#takeAll(this.#stream.push(event));
    }
  }

  #takeAll(events: readonly CanonicalEvent[]): void {
    const filter = this.#filter;
    for (const event of events) {
      if (this.#over) return;
      // What was spent counts whatever a policy makes of it.
      if (filter && event.type === 'usage') this.#usage = { ...this.#usage, ...event.usage };
      if (!filter) this.#handle(event);
      else if (this.#queue) this.#queue.push(() => this.#handleFiltered(event, filter));
      else this.#handleFiltered(event, filter);
    }
  }

  #handleFiltered(event: CanonicalEvent, filter: StreamFilter): void {
    const passed = filter.push(event);
    if (passed instanceof Promise) this.#waitFor(passed);
    else this.#handleAll(passed);
  }

  #handleAll(events: readonly CanonicalEvent[]): void {
    for (const event of events) {
      if (this.#over) return;
      this.#handle(event);
    }
  }

  /** Takes a step now, or after all that came before it. */
  #inOrder(step: () => void): void {
    if (this.#over) return;
    if (this.#queue) this.#queue.push(step);
    else step();
  }

  #waitFor(passed: Promise<readonly CanonicalEvent[]>): void {
    this.#queue = [];
    this.#exchange.pause();
    const goOn = (step: () => void): void => {
      if (this.#over) return;
      const queue = this.#queue ?? [];
      this.#queue = null;
      this.#read(() => {
        step();
        for (const later of queue) this.#inOrder(later);
      });
      // A client that does not read holds the upstream back by itself.
      if (!this.#over && !this.#queue && this.stalledSince === 0) this.#exchange.resume();
    };
    passed.then(
      (events) => goOn(() => this.#handleAll(events)),
      (error: unknown) => goOn(() => rethrow(error)),
    );
  }

  #handle(event: CanonicalEvent): void {
    if (event.type === 'error') {
      this.#fail(failureOfFault(this.#owner.context.provider, event.error));
      return;
    }
    if (event.type === 'finish' || event.type === 'end') this.#finished = true;
    if (event.type === 'usage') this.#usage = { ...this.#usage, ...event.usage };
    this.#countContent(event);
    const text = this.#stream.encode(event);
    if (MEANINGFUL.has(event.type)) this.#meaningful = true;
    if (event.type === 'end') this.#complete(text);
    else this.#waiting += text;
  }

  #countContent({ type }: CanonicalEvent): void {
    if (type !== 'text' && type !== 'reasoning' && type !== 'tool-call-arguments' && type !== 'tool-call-start') return;
    this.#contentEvents += 1;
    const { context } = this.#owner;
    if (context.firstTokenAt === 0) context.firstTokenAt = performance.now();
  }

  #release(): void {
    const text = this.#waiting;
    this.#waiting = '';
    this.#client.write(text);
  }

  #complete(terminal: string): void {
    this.#over = true;
    this.#client.open();
    const text = this.#waiting + terminal;
    this.#waiting = '';
    // It may have been held back for a policy: unless its rest is read, its connection is never free again.
    this.#exchange.resume();
    this.#owner.finish(this.#end('completed', 200, null), () => this.#client.end(text));
  }

  #fail(failure: UpstreamFailure): void {
    this.#exchange.abort();
    if (this.#client.opened) {
      if (failure.target !== 'alive') this.#owner.broken();
      this.#break(failure.error);
    } else {
      this.#over = true;
      this.#owner.rejected(failure);
    }
  }

  #break(error: GatewayError): void {
    this.#over = true;
    const text = this.#waiting + this.#answer.errorFrame(error);
    this.#owner.finish(this.#end('failed', 200, error), () => this.#client.end(text));
  }

  #end(outcome: AnswerEnd['outcome'], status: number, error: GatewayError | null): AnswerEnd {
    const usage = this.#usage ? toTokenUsage(this.#usage) : null;
    const seen = this.#contentEvents;
    if (outcome !== 'completed' && !this.#finished)
      return { outcome, status, error, ...partialUsage(usage, seen, this.#owner.workedMs), spent: true };
    return { outcome, status, error, usage, outputTokensSeen: seen, spent: true };
  }
}

function rethrow(error: unknown): never {
  throw error;
}

function cutOff(): UpstreamFailure {
  return upstreamFailure(new GatewayError('upstream_error', 'The upstream ended its answer before it was complete.'));
}

function upstreamFailure(error: GatewayError): UpstreamFailure {
  return { error, retryable: true, target: 'failed', isLost: true };
}
