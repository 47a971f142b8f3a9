import { type BodyCall, type UpstreamRequest } from '@penstock/providers';
import { EMBEDDINGS_RULES, type JsonObject, scanRequest, Warnings } from '@penstock/dialects';
import { type RouteTarget, selectTargets } from '@penstock/routing';
import type { CompiledProvider } from '../config/compiled-config.ts';
import { ServerChoice } from '../dispatch/server-choice.ts';
import { type AttemptVerdict, tellBreaker } from '../dispatch/tell-breaker.ts';
import type { RequestContext } from '../http/request-context.ts';
import { askUpstreamJson, UnexpectedAnswerError } from '../upstream/read-upstream-json.ts';
import { readUnitVector } from './unit-vector.ts';

/** A model of a provider of the request's proxy. */
export interface EmbeddingModel {
  /** What the proxy calls the provider. */
  readonly provider: string;
  readonly model: string;
}

/** A text as an embeddings model sees it, and what that took. */
export interface Embedding {
  /** Of length 1. */
  readonly vector: Float32Array;
  /** Null: the model did not say. */
  readonly inputTokens: number | null;
  readonly provider: CompiledProvider;
  readonly target: RouteTarget;
  /** UTF-8 bytes of the body that was sent. */
  readonly bytes: number;
}

/** A text that has no embedding now, for whatever reason. */
export class EmbeddingError extends Error {
  override readonly name = 'EmbeddingError';
}

/**
 * Asks a provider of the request's proxy for an embedding, with its own credential, connections and circuit breaker. Rejects when it is
 * not there in time.
 */
export async function embedText(
  context: RequestContext,
  { provider: alias, model }: EmbeddingModel,
  { text, timeoutMs }: { readonly text: string; readonly timeoutMs: number },
): Promise<Embedding> {
  const { target, provider } = placeOf(context, alias, model);
  const breaker = provider.breakers.of(target.modelId);
  const servers = new ServerChoice(Math.random);
  const tell = (verdict: AttemptVerdict): void => {
    const now = performance.now();
    tellBreaker(breaker, verdict, now);
    servers.tell(verdict, now);
  };
  if (!breaker.admit(performance.now())) throw new EmbeddingError(`'${alias}' has failed too often`);
  servers.choose(provider, performance.now());
  try {
    const { baseUrl, pool } = servers.current ?? provider;
    const request = requestFor(context, { provider, baseUrl, target, text });
    const answer = readAnswer(await askUpstreamJson(pool, request, timeoutMs));
    tell('succeeded');
    return { ...answer, provider, target, bytes: request.body?.length ?? 0 };
  } catch (error) {
    tell(saysNothingOfHealth(error) ? 'alive' : 'failed');
    throw error;
  }
}

function placeOf(
  { proxy, config }: RequestContext,
  alias: string,
  model: string,
): { readonly target: RouteTarget; readonly provider: CompiledProvider } {
  const [target] = proxy ? selectTargets(proxy.routes, model, { provider: alias, random: () => 0 }) : [];
  const provider = target && config.providers.get(target.providerId);
  if (!provider) throw new EmbeddingError(`'${alias}' has no model '${model}'`);
  return { target, provider };
}

/** It refuses one text, or has no embeddings at all. */
function saysNothingOfHealth(error: unknown): boolean {
  if (error instanceof UnexpectedAnswerError) return error.status >= 400 && error.status < 500;
  return error instanceof EmbeddingError;
}

function requestFor(
  { requestId }: RequestContext,
  asked: {
    readonly provider: CompiledProvider;
    readonly baseUrl: string;
    readonly target: RouteTarget;
    readonly text: string;
  },
): UpstreamRequest {
  const { provider, baseUrl, target, text } = asked;
  const { adapter, profiles, auth } = provider;
  const { modelId, upstreamModel } = target;
  const usual = profiles.of(modelId, upstreamModel);
  const dialect = adapter.dialectFor('embeddings', usual);
  if (dialect === undefined) throw new EmbeddingError(`the provider '${provider.name}' has no embeddings`);
  const profile = profiles.of(modelId, upstreamModel, dialect);
  const apiVersion = target.apiVersion ?? provider.apiVersion;
  const call: BodyCall = { operation: 'embeddings', dialect, upstreamModel, profile, stream: false, apiVersion };
  const json: JsonObject = { model: upstreamModel, input: text };
  const plain = Buffer.from(JSON.stringify(json));
  const adjusts = adapter.adjustBody && adapter.needsAdjustment?.(scanRequest(plain, EMBEDDINGS_RULES), plain, call);
  const adjusted = adjusts ? adapter.adjustBody?.(json, call, new Warnings('lenient')) : undefined;
  const body = adjusted ? Buffer.from(JSON.stringify(adjusted)) : plain;
  const sent = { body, baseUrl, apiVersion, auth, requestId, clientHeaders: {}, now: new Date() };
  const request = adapter.buildRequest({ ...call, ...sent });
  if (provider.rules?.ofRequest(request.method, request.path).allowed === false) {
    throw new EmbeddingError(`the access control of '${provider.name}' lets no embeddings through`);
  }
  return request;
}

function readAnswer(answer: unknown): Pick<Embedding, 'vector' | 'inputTokens'> {
  const { data, usage } = (answer ?? {}) as { readonly data?: unknown; readonly usage?: { prompt_tokens?: unknown } };
  const [first] = Array.isArray(data) ? (data as readonly ({ readonly embedding?: unknown } | null)[]) : [];
  const vector = readUnitVector(first?.embedding);
  if (!vector) throw new EmbeddingError('the answer holds no embedding');
  const tokens = usage?.prompt_tokens;
  const isCount = typeof tokens === 'number' && Number.isSafeInteger(tokens) && tokens >= 0;
  return { vector, inputTokens: isCount ? tokens : null };
}
