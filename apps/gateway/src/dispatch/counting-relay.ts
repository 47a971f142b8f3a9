import type { IncomingHttpHeaders } from 'node:http';
import type { GatewayError } from '@penstock/contracts';
import { EventStreamParser, type JsonObject, type SseEvent, SseParser } from '@penstock/dialects';
import type { RequestContext } from '../http/request-context.ts';
import type { UpstreamExchange } from '../upstream/upstream-exchange.ts';
import type { UpstreamFailure } from '../upstream/upstream-failure.ts';
import type { AnswerHead } from './attempt-plan.ts';
import { countedUsage } from './counted-usage.ts';
import type { AnswerEnd, Relay, RelayOwner } from './relay.ts';
import type { TokenCounts, TokenPlaces } from './token-extraction.ts';
import type { EventParser } from './translating-stream-relay.ts';

/** Larger answers are not passed on either. */
const MAX_ANSWER_BYTES = 64 * 1024 * 1024;

/** Reads the counts of an answer where a template says that they stand, while another relay passes it on. */
export class CountingRelay implements Relay {
  readonly #relay: Relay;
  readonly #places: TokenPlaces;
  readonly #parser: EventParser | null;
  #chunks: Buffer[] | null;
  #length = 0;
  #counts: TokenCounts;

  constructor(
    owner: RelayOwner,
    { places, head }: { readonly places: TokenPlaces; readonly head: AnswerHead },
    create: (owner: RelayOwner) => Relay,
  ) {
    this.#places = places;
    this.#counts = places.inHeaders(head.headers);
    this.#parser = parserFor(head.headers);
    // We ask for no compression: what is compressed all the same is read as its dialect has it.
    this.#chunks = this.#parser === null && isPlain(head.headers) ? [] : null;
    this.#relay = create(new CountingOwner(owner, (end) => this.#counted(end)));
  }

  get stalledSince(): number {
    return this.#relay.stalledSince;
  }

  onResponse(status: number, headers: IncomingHttpHeaders): void {
    this.#relay.onResponse(status, headers);
  }

  onData(chunk: Buffer): void {
    if (this.#parser) this.#readEvents(() => this.#parser?.push(chunk) ?? []);
    else if (this.#chunks) this.#keep(chunk);
    this.#relay.onData(chunk);
  }

  onEnd(): void {
    if (this.#parser) this.#readEvents(() => this.#parser?.end() ?? []);
    if (this.#chunks) this.#readDocument(Buffer.concat(this.#chunks).toString('utf8'));
    this.#chunks = null;
    this.#relay.onEnd();
  }

  onFailure(error: Error): void {
    this.#relay.onFailure(error);
  }

  stop(error: GatewayError): boolean {
    return this.#relay.stop(error);
  }

  abandoned(): AnswerEnd {
    return this.#counted(this.#relay.abandoned());
  }

  keepAlive(now: number): void {
    this.#relay.keepAlive?.(now);
  }

  #keep(chunk: Buffer): void {
    this.#length += chunk.length;
    if (this.#length > MAX_ANSWER_BYTES) this.#chunks = null;
    else this.#chunks?.push(chunk);
  }

  #readEvents(read: () => readonly SseEvent[]): void {
    try {
      for (const { data } of read()) this.#readDocument(data);
    } catch {
      // The relay meets the same bytes, and says what is wrong with them.
    }
  }

  #readDocument(text: string): void {
    if (!text.trimStart().startsWith('{')) return;
    try {
      this.#counts = { ...this.#counts, ...this.#places.inDocument(JSON.parse(text) as JsonObject) };
    } catch {
      // As above.
    }
  }

  /** An answer that broke off counts as far as its dialect says: the last counts may not have come. */
  #counted(end: AnswerEnd): AnswerEnd {
    return end.outcome === 'completed' ? { ...end, usage: countedUsage(this.#counts, end.usage) } : end;
  }
}

function parserFor({ 'content-type': type = '' }: IncomingHttpHeaders): EventParser | null {
  if (type.startsWith('text/event-stream')) return new SseParser();
  return type.startsWith('application/vnd.amazon.eventstream') ? new EventStreamParser() : null;
}

function isPlain({ 'content-encoding': encoding }: IncomingHttpHeaders): boolean {
  return encoding === undefined || encoding === 'identity';
}

/** The same owner, who hears of the counts when an answer ends. */
class CountingOwner implements RelayOwner {
  readonly #owner: RelayOwner;
  readonly #counted: (end: AnswerEnd) => AnswerEnd;

  constructor(owner: RelayOwner, counted: (end: AnswerEnd) => AnswerEnd) {
    this.#owner = owner;
    this.#counted = counted;
  }

  get context(): RequestContext {
    return this.#owner.context;
  }

  get exchange(): UpstreamExchange {
    return this.#owner.exchange;
  }

  get workedMs(): number {
    return this.#owner.workedMs;
  }

  accepted(): void {
    this.#owner.accepted();
  }

  rejected(failure: UpstreamFailure): void {
    this.#owner.rejected(failure);
  }

  broken(): void {
    this.#owner.broken();
  }

  finish(end: AnswerEnd, release: () => void): void {
    this.#owner.finish(this.#counted(end), release);
  }
}
