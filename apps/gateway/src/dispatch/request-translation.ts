import type { Dialect, ModelProfile } from '@penstock/contracts';
import {
  type CanonicalEvent,
  type CanonicalRequest,
  type EncodeAnswerContext,
  estimateInputTokens,
  type JsonObject,
  parseFaithfully,
  prepareRequest,
  type Warnings,
} from '@penstock/dialects';
import type { Surface } from '../endpoints/surfaces/surface.ts';
import { AnswerTranslation } from './answer-translation.ts';
import { CODECS } from './codecs.ts';
import { createId } from './create-id.ts';

/** A place that speaks another dialect than the caller. */
export interface TranslationTarget {
  readonly dialect: Dialect;
  readonly upstreamModel: string;
  readonly profile: ModelProfile;
  /** What gets lost on the way is told here. */
  readonly warnings: Warnings;
  /** The most tokens that one answer may have; null: as the caller says. */
  readonly outputBound: number | null;
}

/** A request in the upstream's dialect, and the way back for its answer. */
export interface TranslatedRequest {
  readonly body: JsonObject;
  readonly answer: AnswerTranslation;
}

/** Translates one request, once for each target that is tried, always from what the caller sent. */
export class RequestTranslation {
  readonly #surface: Surface;
  readonly #requestId: string;
  readonly #body: Buffer;
  readonly #path: JsonObject;
  #canonical: CanonicalRequest | null = null;

  /** `path`: what the caller says outside of the body, laid over it. */
  constructor(surface: Surface, requestId: string, sent: { readonly body: Buffer; readonly path: JsonObject }) {
    this.#surface = surface;
    this.#requestId = requestId;
    this.#body = sent.body;
    this.#path = sent.path;
  }

  /** Decoded on first use. Throws GatewayError when the request cannot be read. */
  get canonical(): CanonicalRequest {
    this.#canonical ??= this.#surface.client.decodeRequest({
      ...(parseFaithfully(this.#body.toString('utf8')) as JsonObject),
      ...this.#path,
    });
    return this.#canonical;
  }

  /** A stream in the caller's dialect, from its events. */
  streamOf(events: readonly CanonicalEvent[]): string {
    const encoder = this.#surface.client.createStreamEncoder(this.#encodeContext());
    return events.map((event) => encoder.push(event)).join('');
  }

  /** Throws GatewayError when the target cannot be asked this without changing what it means. */
  forTarget(target: TranslationTarget): TranslatedRequest {
    const { dialect, upstreamModel, warnings, outputBound } = target;
    // What preparing adds to the caller's bound, for thinking, must stay within what is held.
    const profile = outputBound === null ? target.profile : { ...target.profile, maxOutputTokens: outputBound };
    const origin = { dialect, modelGroup: profile.modelGroup ?? upstreamModel };
    const prepared = prepareRequest(this.#boundTo(outputBound), { upstream: dialect, profile, origin, warnings });
    const body = CODECS[dialect].encodeRequest(prepared.request, { upstreamModel, profile, warnings });
    const answer = new AnswerTranslation({
      upstream: CODECS[dialect],
      client: this.#surface.client,
      prepared,
      decode: { origin, createId, toolNames: new Set(prepared.request.tools.map(({ name }) => name)) },
      encode: this.#encodeContext(),
    });
    return { body, answer };
  }

  #boundTo(outputBound: number | null): CanonicalRequest {
    const request = this.canonical;
    if (outputBound === null || (request.maxOutputTokens ?? Infinity) <= outputBound) return request;
    return { ...request, maxOutputTokens: outputBound };
  }

  #encodeContext(): EncodeAnswerContext {
    const request = this.canonical;
    return {
      requestId: this.#requestId,
      model: request.model,
      created: Math.floor(Date.now() / 1000),
      request,
      estimatedInputTokens: estimateInputTokens(request),
      createId,
    };
  }
}
