import type { GatewayError } from '@penstock/contracts';
import {
  type CanonicalEvent,
  createEventRestorer,
  SseParser,
  type StreamDecoder,
  type StreamEncoder,
} from '@penstock/dialects';
import { faultToError } from '../errors/fault-to-error.ts';
import { VECTOR_REQUEST_ID, type VectorExchange } from './vector-exchange.ts';

/** With these the model has begun to answer; an error before them becomes an answer with a status of its own. */
const MEANINGFUL: ReadonlySet<CanonicalEvent['type']> = new Set([
  'text',
  'refusal',
  'reasoning',
  'reasoning-signature',
  'tool-call-start',
  'finish',
  'end',
]);

/** What a caller gets of a stream: its text, or the error in place of it. */
export type StreamOutcome = { readonly text: string } | { readonly error: GatewayError };

/** Passes an upstream's chunks on to the caller as the gateway's relays do. */
export function relayStream(exchange: VectorExchange, chunks: readonly Buffer[]): StreamOutcome {
  return exchange.passes ? passStream(exchange, chunks) : translateStream(exchange, chunks);
}

function passStream(exchange: VectorExchange, chunks: readonly Buffer[]): StreamOutcome {
  const reader = exchange.client.createReader(exchange.facts);
  const released: Buffer[] = [];
  const keep = (bytes: Buffer | null): void => {
    if (bytes !== null) released.push(bytes);
  };
  for (const chunk of chunks) if (!reader.done && reader.failure === null) keep(reader.push(chunk));
  if (!reader.done && reader.failure === null) keep(reader.end());
  const { failure, done } = reader;
  if (failure !== null && released.length === 0) return { error: failure };
  keep(reader.terminal);
  if (!done && reader.terminal === null && failure !== null) {
    keep(Buffer.from(exchange.client.codec.renderErrorFrame(failure, VECTOR_REQUEST_ID)));
  }
  return { text: Buffer.concat(released).toString('utf8') };
}

function translateStream(exchange: VectorExchange, chunks: readonly Buffer[]): StreamOutcome {
  const { prepared, decode, encode } = exchange.answerParts();
  const relay = new TranslatingRelay(exchange, {
    decoder: exchange.upstream.createStreamDecoder(decode),
    restorer: createEventRestorer(prepared.renamedTools, prepared.outputTool),
    encoder: exchange.client.codec.createStreamEncoder(encode),
  });
  const parser = new SseParser();
  for (const chunk of chunks) for (const event of parser.push(chunk)) relay.push(event);
  for (const event of parser.end()) relay.push(event);
  return relay.end();
}

interface Stages {
  readonly decoder: StreamDecoder;
  readonly restorer: ReturnType<typeof createEventRestorer>;
  readonly encoder: StreamEncoder;
}

class TranslatingRelay {
  readonly #exchange: VectorExchange;
  readonly #stages: Stages;
  #text = '';
  #meaningful = false;
  #outcome: StreamOutcome | null = null;

  constructor(exchange: VectorExchange, stages: Stages) {
    this.#exchange = exchange;
    this.#stages = stages;
  }

  push(event: Parameters<StreamDecoder['push']>[0]): void {
    if (this.#outcome === null) this.#take(this.#stages.decoder.push(event));
  }

  end(): StreamOutcome {
    if (this.#outcome === null) this.#take(this.#stages.decoder.end());
    if (this.#outcome === null) throw new Error('the decoder told neither of an end nor of an error');
    return this.#outcome;
  }

  #take(events: readonly CanonicalEvent[]): void {
    for (const event of events.flatMap((decoded) => this.#stages.restorer.push(decoded))) {
      if (this.#outcome !== null) return;
      if (event.type === 'error') this.#fail(faultToError(event.error).error);
      else this.#write(event);
    }
  }

  #write(event: CanonicalEvent): void {
    this.#text += this.#stages.encoder.push(event);
    if (MEANINGFUL.has(event.type)) this.#meaningful = true;
    if (event.type === 'end') this.#outcome = { text: this.#text };
  }

  #fail(error: GatewayError): void {
    const { codec } = this.#exchange.client;
    if (!this.#meaningful) this.#outcome = { error };
    else this.#outcome = { text: this.#text + codec.renderErrorFrame(error, VECTOR_REQUEST_ID) };
  }
}
