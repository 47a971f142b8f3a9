import type { Operation, TokenUsage } from '@penstock/contracts';
import type { RequestFacts } from '@penstock/dialects';
import type { RateLimiter, Reservation } from '@penstock/rate-limiting';
import { type RouteTarget, selectTargets } from '@penstock/routing';
import { costOf, estimateTokens, priceAt } from '@penstock/usage';
import type { CompiledProvider, CompiledProxy } from '../config/compiled-config.ts';
import type { ActiveRequests } from '../dispatch/active-requests.ts';
import { chooseDialect } from '../dispatch/choose-dialect.ts';
import { RequestDispatch } from '../dispatch/request-dispatch.ts';
import { answerLastResort, lastResortOf } from '../dispatch/last-resort.ts';
import { RequestTranslation } from '../dispatch/request-translation.ts';
import { checkBodyHeaders, ClientGoneError, readBody } from '../http/read-body.ts';
import type { RequestContext } from '../http/request-context.ts';
import { authenticate, type Authentication } from '../pipeline/authenticate.ts';
import { authorizeProxy, mayUseModel, modelNotFound } from '../pipeline/authorize.ts';
import { reserveLimits } from '../pipeline/reserve-limits.ts';
import { type Expectation, Settlement, type SettlementServices } from '../pipeline/settlement.ts';
import type { Endpoint } from './endpoint.ts';
import type { Surface } from './surfaces/surface.ts';

export interface InferenceServices extends SettlementServices {
  readonly authentication: Authentication;
  readonly limiter: RateLimiter;
  readonly active: ActiveRequests;
  readonly maxBodyBytes: number;
  /** From 0 up to 1, exclusive. */
  readonly random: () => number;
  /** A request failed for a reason that is the gateway's own. */
  readonly onFault: (error: unknown) => void;
}

/** Output that a request is expected to produce when it sets no bound itself. */
const DEFAULT_OUTPUT_TOKENS = 1024;
/** What the usage event can hold. */
const MAX_TOKENS = 1_000_000_000;

/** What a model computes from a JSON body, in whatever dialect the caller speaks. */
export class InferenceEndpoint implements Endpoint {
  readonly surface: Surface;
  readonly #services: InferenceServices;

  constructor(surface: Surface, services: InferenceServices) {
    this.surface = surface;
    this.#services = services;
  }

  get operation(): Operation {
    return this.surface.operation;
  }

  async handle(context: RequestContext): Promise<void> {
    const { request, proxy } = context;
    if (!proxy) throw new TypeError('an inference endpoint stands only under a proxy');
    const services = this.#services;
    if (!proxy.open) {
      context.key = authenticate(request.headers, context.config, services.authentication);
      authorizeProxy(context.key, proxy, request.socket.remoteAddress ?? '');
    }
    checkBodyHeaders(request, services.maxBodyBytes);
    const body = await this.#readBody(context);
    const { surface } = this;
    const facts = surface.scan(body, context);
    context.facts = facts;
    const translation = new RequestTranslation(surface, context.requestId, {
      body,
      path: surface.pathFields?.(facts) ?? {},
    });
    const targets = this.#targetsFor(context, proxy, facts);
    if (targets.length === 0) {
      const answer = lastResortOf(surface, translation);
      if (!answer) throw modelNotFound(facts.model);
      answerLastResort(context, answer);
      return;
    }
    const expectation = this.#expect(context, facts, { body, targets });
    const reserving = this.#reserve(context, proxy, expectation);
    const reservation = reserving && (await reserving);
    const settlement = new Settlement(context, services, { expectation, reservation });
    const inquiry = { context, surface, facts, body, translation };
    const order = { inquiry, targets, settlement, onFault: services.onFault };
    const dispatch = new RequestDispatch(order, services.active);
    dispatch.start();
    // It left while its limits were being reserved.
    if (context.response.destroyed) dispatch.onClientGone();
  }

  async #readBody(context: RequestContext): Promise<Buffer> {
    if (context.expectsContinue) context.response.writeContinue();
    const startedAt = performance.now();
    const body = await readBody(context.request, this.#services.maxBodyBytes);
    context.waitedMs += performance.now() - startedAt;
    if (context.response.destroyed) throw new ClientGoneError('the client left');
    return body;
  }

  #targetsFor(context: RequestContext, proxy: CompiledProxy, facts: RequestFacts): readonly RouteTarget[] {
    const { model } = facts;
    if (!mayUseModel(context.key, proxy, model)) throw modelNotFound(model);
    const named = context.request.headers['x-provider'];
    const provider = typeof named === 'string' && named !== '' ? named : undefined;
    const targets = selectTargets(proxy.routes, model, { provider, random: this.#services.random });
    const usable = targets.filter((target) =>
      this.#serves(context.config.providers.get(target.providerId), target, facts),
    );
    const answerable = targets.length > 0 && this.surface.lastResort !== undefined;
    if (usable.length === 0 && !answerable) throw modelNotFound(model);
    return usable;
  }

  #serves(provider: CompiledProvider | undefined, target: RouteTarget, facts: RequestFacts): boolean {
    if (!provider) return false;
    const profile = provider.profiles.of(target.modelId, target.upstreamModel);
    return chooseDialect(this.surface, facts, { adapter: provider.adapter, profile }) !== undefined;
  }

  #expect(
    context: RequestContext,
    facts: RequestFacts,
    sent: { readonly body: Buffer; readonly targets: readonly RouteTarget[] },
  ): Expectation {
    const [target] = sent.targets;
    const provider = target && context.config.providers.get(target.providerId);
    if (!target || !provider) throw modelNotFound(facts.model);
    const counts = this.operation === 'count-tokens';
    const usage: TokenUsage = {
      inputTokens: counts ? 0 : estimateTokens(sent.body.length),
      outputTokens: counts || this.operation === 'embeddings' ? 0 : expectedOutput(facts),
      cachedInputTokens: 0,
      reasoningTokens: 0,
    };
    const price = priceAt(provider.prices.get(target.modelId) ?? [], this.#services.now());
    return {
      usage,
      provider,
      modelId: target.modelId,
      upstreamModel: target.upstreamModel,
      costMicroUsd: price ? costOf(usage, price) : null,
      priceVersion: price?.version ?? null,
    };
  }

  #reserve(context: RequestContext, proxy: CompiledProxy, expectation: Expectation): Promise<Reservation> | null {
    const limits = context.config.limitPlans.of(context.key, proxy, expectation.provider);
    return limits.length === 0 ? null : reserveLimits(context, limits, expectation, this.#services);
  }
}

function expectedOutput(facts: RequestFacts): number {
  return Math.min(MAX_TOKENS, facts.choices * (facts.maxOutputTokens ?? DEFAULT_OUTPUT_TOKENS));
}
