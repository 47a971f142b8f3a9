import type { TokenUsage, UsageEvent } from '@penstock/contracts';
import { costOf, priceAt, type UsageSink } from '@penstock/usage';
import type { RequestContext } from '../http/request-context.ts';
import { createEventId } from '../http/request-ids.ts';
import type { GatewayMetrics } from '../telemetry/gateway-metrics.ts';
import { type Embedding, type EmbeddingModel, embedText } from './embed-text.ts';

export interface EmbeddingsOptions {
  readonly sink: UsageSink;
  readonly metrics: GatewayMetrics;
  readonly gatewayInstanceId: string;
  /** Epoch ms. */
  readonly now: () => number;
}

/** A text as numbers; what a policy asks of the gateway. */
export interface Embedder {
  /** A vector of length 1. Rejects when there is none in time. */
  embed(
    context: RequestContext,
    model: EmbeddingModel,
    asked: { readonly text: string; readonly timeoutMs: number },
  ): Promise<Float32Array>;
}

/** An embedding that was made for a request. */
interface Done {
  readonly model: string;
  readonly embedding: Embedding;
  /** Epoch ms. */
  readonly occurredAt: number;
  readonly durationMs: number;
}

/** Asks for embeddings of what requests say, and meters each as a usage event of its own, under the request's id and its key. */
export class Embeddings implements Embedder {
  readonly #options: EmbeddingsOptions;

  constructor(options: EmbeddingsOptions) {
    this.#options = options;
  }

  async embed(...asked: Parameters<Embedder['embed']>): Promise<Float32Array> {
    const [context, { model }] = asked;
    const startedAt = performance.now();
    const occurredAt = this.#options.now();
    const embedding = await embedText(...asked);
    this.#meter(context, { model, embedding, occurredAt, durationMs: performance.now() - startedAt });
    return embedding.vector;
  }

  #meter(context: RequestContext, done: Done): void {
    const { provider, target, inputTokens, bytes } = done.embedding;
    const { metrics, now } = this.#options;
    const tokens = inputTokens ?? provider.ratios.of(target.modelId).estimate(bytes);
    const usage: TokenUsage = { inputTokens: tokens, outputTokens: 0, cachedInputTokens: 0, reasoningTokens: 0 };
    const price = priceAt(provider.prices.get(target.modelId) ?? [], now());
    const costMicroUsd = price ? costOf(usage, price) : null;
    metrics.tokens(provider, target.modelId).add(usage, costMicroUsd);
    if (costMicroUsd === null) metrics.countUnknownPrice(provider.name);
    this.#record(context, done, { usage, costMicroUsd, priceVersion: price?.version ?? null });
  }

  #record(
    { key, proxy, requestId, userTag }: RequestContext,
    { model, embedding, occurredAt, durationMs }: Done,
    spent: Pick<UsageEvent, 'usage' | 'costMicroUsd' | 'priceVersion'>,
  ): void {
    if (!proxy) return;
    const { provider, target, inputTokens } = embedding;
    this.#options.sink.record({
      id: createEventId(occurredAt),
      organizationId: proxy.organizationId,
      gatewayInstanceId: this.#options.gatewayInstanceId,
      requestId,
      occurredAt: new Date(occurredAt).toISOString(),
      virtualKeyId: key?.id ?? null,
      virtualKeyName: key?.name ?? null,
      teamId: key?.teamId ?? null,
      teamName: key?.teamName ?? null,
      proxyId: proxy.id,
      proxyName: proxy.name,
      providerId: provider.id,
      providerName: provider.name,
      requestedModel: model,
      upstreamModel: target.upstreamModel,
      modelId: target.modelId,
      userTag,
      sparedLimits: [],
      dialect: 'openai-chat',
      operation: 'embeddings',
      stream: false,
      attempts: 1,
      outcome: 'completed',
      httpStatus: 200,
      errorCode: null,
      usageSource: inputTokens === null ? 'estimated' : 'reported',
      ...spent,
      firstTokenMs: null,
      durationMs: Math.round(durationMs * 1000) / 1000,
    });
  }
}
