import type { SemanticCache } from '@penstock/contracts';
import type { JsonObject } from '@penstock/dialects';
import type { z } from 'zod';
import type { KnownStream } from '../known-stream.ts';
import type { BodyCall } from '../policy.ts';
import type { PolicyOwner, PolicyServices } from '../policy-factory.ts';
import { textFinder, type TextFinder } from './asked-text.ts';
import { readKeptAnswer } from './kept-answer.ts';
import { nearest } from './nearest.ts';
import { scopeOf } from './scope-of.ts';

type Params = z.output<typeof SemanticCache.params>;
type Services = Pick<PolicyServices, 'similarAnswers' | 'embedder' | 'onSemanticLookUp' | 'logger'>;

/** An answer that is looked for, or kept. */
export interface SoughtAnswer {
  readonly scope: string;
  readonly vector: Float32Array;
  readonly isStream: boolean;
}

/** Longest wait for an embedding, ms. */
const EMBEDDING_TIMEOUT_MS = 2_000;
/** Texts that embeddings models take; longer ones are not looked for. */
const MAX_TEXT_CHARS = 32_768;
/** Texts of one attachment that wait for their embeddings at once; more are not looked for. */
const MAX_EMBEDDING = 64;

/** Finds and keeps answers by what their requests say. */
export class SimilarAnswers {
  readonly #params: Params;
  readonly #owner: PolicyOwner;
  readonly #services: Services;
  readonly #textOf: TextFinder;
  #embedding = 0;

  constructor(params: Params, owner: PolicyOwner, services: Services) {
    this.#params = params;
    this.#owner = owner;
    this.#services = services;
    this.#textOf = textFinder(params.jsonPath);
    services.similarAnswers?.open();
  }

  /** What a request looks for; null: it has no text, or no embedding of it can be had now. */
  async seek(call: BodyCall): Promise<SoughtAnswer | null> {
    const asked = this.#services.similarAnswers && this.#textOf(call.json);
    if (!asked) return null;
    if (asked.text.length > MAX_TEXT_CHARS || this.#embedding >= MAX_EMBEDDING) {
      this.#services.onSemanticLookUp('skipped');
      return null;
    }
    const vector = await this.#embed(call, asked.text);
    if (!vector) return null;
    const { embeddingProvider, embeddingModel } = this.#params;
    const embeddings = [embeddingProvider, embeddingModel, vector.length];
    return { scope: scopeOf(call, this.#owner, { rest: asked.rest, embeddings }), vector, isStream: call.facts.stream };
  }

  /** The answer to what means the same. */
  async find({ scope, vector, isStream }: SoughtAnswer): Promise<JsonObject | KnownStream | 'miss' | 'store-failed'> {
    const { maxEntries: most, similarityThreshold } = this.#params;
    const kept = await this.#services.similarAnswers?.vectors(scope, { most, dimensions: vector.length });
    if (!kept) return 'store-failed';
    const best = nearest(vector, kept, similarityThreshold);
    const text = best && (await this.#services.similarAnswers?.answer(scope, best.id));
    if (text === undefined) return 'store-failed';
    return readKeptAnswer(text, isStream) ?? 'miss';
  }

  keep({ scope, vector }: SoughtAnswer, answer: string): void {
    const { ttl, maxEntries } = this.#params;
    this.#services.similarAnswers?.keep(scope, { vector, answer }, { ttlSeconds: ttl, most: maxEntries });
  }

  async #embed({ context }: BodyCall, text: string): Promise<Float32Array | null> {
    const { embeddingProvider: provider, embeddingModel: model, embeddingDimension } = this.#params;
    this.#embedding += 1;
    try {
      const asked = { text, timeoutMs: EMBEDDING_TIMEOUT_MS };
      const vector = await this.#services.embedder.embed(context, { provider, model }, asked);
      if (embeddingDimension === undefined || vector.length === embeddingDimension) return vector;
      throw new RangeError(`the embedding has ${vector.length} numbers and not ${embeddingDimension}`);
    } catch (error) {
      this.#services.logger.debug({ err: error, provider, model }, 'a text could not be embedded');
      this.#services.onSemanticLookUp('embedding-failed');
      return null;
    } finally {
      this.#embedding -= 1;
    }
  }
}
