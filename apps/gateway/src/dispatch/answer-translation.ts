import type { GatewayError } from '@penstock/contracts';
import {
  type CanonicalEvent,
  type CanonicalResponse,
  createEventRestorer,
  type DecodeAnswerContext,
  type DialectCodec,
  type EncodeAnswerContext,
  type JsonObject,
  type PreparedRequest,
  restoreResponse,
  type SseEvent,
  type StreamDecoder,
  type StreamEncoder,
} from '@penstock/dialects';
import type { ClientCodec } from '../endpoints/surfaces/surface.ts';

interface Parts {
  readonly upstream: DialectCodec;
  readonly client: ClientCodec;
  readonly prepared: PreparedRequest;
  readonly decode: DecodeAnswerContext;
  readonly encode: EncodeAnswerContext;
}

/** The way back of one translated request: from the upstream's dialect to the caller's. */
export class AnswerTranslation {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Throws `UpstreamFaultError` for an error in a 200's body and for what is no answer. */
  decode(body: JsonObject): CanonicalResponse {
    const { upstream, prepared, decode } = this.#parts;
    return restoreResponse(upstream.decodeResponse(body, decode), prepared.renamedTools, prepared.outputTool);
  }

  encode(response: CanonicalResponse): JsonObject {
    return this.#parts.client.encodeResponse(response, this.#parts.encode);
  }

  stream(): StreamTranslation {
    const { upstream, client, prepared, decode, encode } = this.#parts;
    return new StreamTranslation({
      decoder: upstream.createStreamDecoder(decode),
      restorer: createEventRestorer(prepared.renamedTools, prepared.outputTool),
      encoder: client.createStreamEncoder(encode),
    });
  }

  errorFrame(error: GatewayError): string {
    return this.#parts.client.renderErrorFrame(error, this.#parts.encode.requestId);
  }
}

/** Three reducers in a row: upstream's events → canonical ones → with the caller's own names → text of the caller's stream. */
export class StreamTranslation {
  readonly #decoder: StreamDecoder;
  readonly #restorer: ReturnType<typeof createEventRestorer>;
  readonly #encoder: StreamEncoder;

  constructor(stages: {
    readonly decoder: StreamDecoder;
    readonly restorer: ReturnType<typeof createEventRestorer>;
    readonly encoder: StreamEncoder;
  }) {
    this.#decoder = stages.decoder;
    this.#restorer = stages.restorer;
    this.#encoder = stages.encoder;
  }

  push(event: SseEvent): readonly CanonicalEvent[] {
    return this.#restore(this.#decoder.push(event));
  }

  end(): readonly CanonicalEvent[] {
    return this.#restore(this.#decoder.end());
  }

  encode(event: CanonicalEvent): string {
    return this.#encoder.push(event);
  }

  #restore(events: readonly CanonicalEvent[]): readonly CanonicalEvent[] {
    return events.flatMap((event) => this.#restorer.push(event));
  }
}
