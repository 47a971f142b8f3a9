import type { GatewayError, TokenUsage, UsageSource } from '@penstock/contracts';
import type { LimitCharge, RateLimiter, Reservation } from '@penstock/rate-limiting';
import { costOf, type OpenedUsage, type OpenUsage, priceAt, type UsageSink } from '@penstock/usage';
import type { CompiledKey, CompiledProvider, CompiledProxy } from '../config/compiled-config.ts';
import type { AnswerEnd } from '../dispatch/relay.ts';
import type { RequestContext } from '../http/request-context.ts';
import type { GatewayMetrics } from '../telemetry/gateway-metrics.ts';
import { amountOf, type Consumption, estimateCharges } from './estimate-charges.ts';
import { limitRefusal } from './limit-refusal.ts';

export interface SettlementServices {
  readonly sink: UsageSink;
  readonly limiter: RateLimiter;
  readonly metrics: GatewayMetrics;
  readonly gatewayInstanceId: string;
  /** Epoch ms. */
  readonly now: () => number;
  /** A settlement did not reach the limiter; it keeps the reservation, which counts as spent. */
  readonly onSettleFault: (error: unknown) => void;
}

/** What a request is expected to use, and of what it is part. */
export interface Expectation {
  readonly usage: TokenUsage;
  readonly provider: CompiledProvider;
  readonly modelId: string;
  readonly upstreamModel: string;
  /** Null: the price is unknown. */
  readonly costMicroUsd: number | null;
  readonly priceVersion: string | null;
}

const NOTHING: TokenUsage = { inputTokens: 0, outputTokens: 0, cachedInputTokens: 0, reasoningTokens: 0 };
/** Well within the lease of a reservation. */
const RENEW_MS = 20_000;

/** The books of one admitted request: opened before it is sent, settled exactly once on whatever way it ends. */
export class Settlement {
  readonly #context: RequestContext;
  readonly #services: SettlementServices;
  readonly #expectation: Expectation;
  readonly #reservations: Reservation[];
  /** Providers whose limits are held. */
  readonly #covered: CompiledProvider[];
  readonly #open: OpenUsage;
  readonly #opened: OpenedUsage;
  #renewedAt = performance.now();
  #settled = false;

  constructor(
    context: RequestContext,
    services: SettlementServices,
    held: { expectation: Expectation; reservation: Reservation | null },
  ) {
    this.#context = context;
    this.#services = services;
    this.#expectation = held.expectation;
    this.#reservations = held.reservation ? [held.reservation] : [];
    this.#covered = [held.expectation.provider];
    this.#open = this.#openUsage();
    this.#opened = services.sink.open(this.#open);
  }

  get settled(): boolean {
    return this.#settled;
  }

  /** Prolongs what is held while the request still runs. */
  renew(now: number): void {
    if (this.#reservations.length === 0 || now - this.#renewedAt < RENEW_MS) return;
    this.#renewedAt = now;
    const { limiter, onSettleFault } = this.#services;
    for (const reservation of this.#reservations) limiter.renew(reservation).catch(onSettleFault);
  }

  /** Whether the limits of a provider are held already, or it has none. */
  covers(provider: CompiledProvider): boolean {
    return provider.limits.length === 0 || this.#covered.includes(provider);
  }

  /** Holds the limits of another provider before it is tried; the refusal when one of them denies. */
  async cover(provider: CompiledProvider): Promise<GatewayError | null> {
    const { limiter, metrics } = this.#services;
    const decision = await limiter.reserve(estimateCharges(provider.limits, this.#expectation));
    if (!decision.allowed) {
      metrics.rejected(decision.exceeded.applicable.limit.unit);
      return limitRefusal(decision);
    }
    this.#covered.push(provider);
    this.#reservations.push(decision.reservation);
    // The client left meanwhile: what was held is given back.
    if (this.#settled) limiter.settle(decision.reservation, () => 0).catch(this.#services.onSettleFault);
    return null;
  }

  /** Writes the usage event, pays the limits, counts. When `written` is called the event survives the death of the process. */
  settle(end: AnswerEnd, written?: () => void): void {
    if (this.#settled) return;
    this.#settled = true;
    const { usage, source } = this.#usageOf(end);
    const costMicroUsd = this.#costOf(usage, source);
    this.#record(end, { usage, source, costMicroUsd }, written);
    this.#pay({ usage, costMicroUsd });
    const provider = this.#context.provider;
    if (source !== 'none' && provider) {
      const { modelId } = this.#context;
      this.#services.metrics.tokens(provider, modelId).add(usage, costMicroUsd);
    }
  }

  #usageOf(end: AnswerEnd): { usage: TokenUsage; source: UsageSource } {
    if (end.usage) return { usage: end.usage, source: 'reported' };
    if (!end.spent) return { usage: NOTHING, source: 'none' };
    const { inputTokens } = this.#expectation.usage;
    return { usage: { ...NOTHING, inputTokens, outputTokens: end.outputTokensSeen }, source: 'estimated' };
  }

  #costOf(usage: TokenUsage, source: UsageSource): number | null {
    if (source === 'none') return 0;
    const price = this.#price();
    return price ? costOf(usage, price) : null;
  }

  #price(): ReturnType<typeof priceAt> {
    const { provider, modelId } = this.#context;
    return priceAt(provider?.prices.get(modelId) ?? [], this.#services.now());
  }

  #record(
    end: AnswerEnd,
    spent: { usage: TokenUsage; source: UsageSource; costMicroUsd: number | null },
    written: (() => void) | undefined,
  ): void {
    const context = this.#context;
    const now = performance.now();
    const open = this.#open;
    // Field by field: copying the object by `...` costs more than everything else here.
    this.#services.sink.record(
      {
        id: open.id,
        organizationId: open.organizationId,
        gatewayInstanceId: open.gatewayInstanceId,
        requestId: open.requestId,
        occurredAt: open.occurredAt,
        virtualKeyId: open.virtualKeyId,
        virtualKeyName: open.virtualKeyName,
        teamId: open.teamId,
        teamName: open.teamName,
        proxyId: open.proxyId,
        proxyName: open.proxyName,
        providerId: context.provider?.id ?? null,
        providerName: context.provider?.name ?? null,
        requestedModel: open.requestedModel,
        upstreamModel: context.upstreamModel,
        modelId: context.modelId,
        userTag: open.userTag,
        dialect: open.dialect,
        operation: open.operation,
        stream: open.stream,
        attempts: context.attempts,
        usage: spent.usage,
        outcome: end.outcome,
        httpStatus: end.status,
        errorCode: end.error?.code ?? null,
        usageSource: spent.source,
        costMicroUsd: spent.costMicroUsd,
        priceVersion: spent.costMicroUsd === null ? null : (this.#price()?.version ?? null),
        firstTokenMs: context.firstTokenAt === 0 ? null : rounded(context.firstTokenAt - context.receivedAt),
        durationMs: rounded(now - context.receivedAt),
      },
      this.#opened,
      written,
    );
  }

  #pay(consumption: Consumption): void {
    if (this.#reservations.length === 0) return;
    const actual = (charge: LimitCharge): number => this.#actualAmount(charge, consumption);
    const { limiter, onSettleFault } = this.#services;
    for (const reservation of this.#reservations) limiter.settle(reservation, actual).catch(onSettleFault);
  }

  /** A provider that was asked and did not answer counts the request, but not what another one generated. */
  #actualAmount({ applicable }: LimitCharge, consumption: Consumption): number {
    const { unit } = applicable.limit;
    const isOther =
      applicable.subject.startsWith('provider:') && applicable.subject !== `provider:${this.#context.provider?.id}`;
    return isOther && unit !== 'requests' && unit !== 'concurrency' ? 0 : amountOf(unit, consumption);
  }

  #openUsage(): OpenUsage {
    const { id, requestId, key, proxy, facts, route } = this.#context;
    const { usage, provider, upstreamModel, costMicroUsd, priceVersion } = this.#expectation;
    const { organizationId, proxyId, proxyName } = namesOfProxy(proxy);
    const { virtualKeyId, virtualKeyName, teamId, teamName } = namesOfKey(key);
    return {
      id,
      organizationId,
      gatewayInstanceId: this.#services.gatewayInstanceId,
      requestId,
      occurredAt: isoTime(this.#services.now()),
      virtualKeyId,
      virtualKeyName,
      teamId,
      teamName,
      proxyId,
      proxyName,
      providerId: provider.id,
      providerName: provider.name,
      requestedModel: facts?.model ?? '',
      upstreamModel,
      modelId: this.#expectation.modelId,
      userTag: null,
      dialect: route?.endpoint.surface?.dialect ?? 'openai-chat',
      operation: route?.endpoint.operation ?? 'chat',
      stream: facts?.stream ?? false,
      attempts: 0,
      usage,
      estimatedCostMicroUsd: costMicroUsd,
      estimatedPriceVersion: priceVersion,
    };
  }
}

function namesOfProxy(proxy: CompiledProxy | null) {
  if (!proxy) return { organizationId: '', proxyId: null, proxyName: null };
  return { organizationId: proxy.organizationId, proxyId: proxy.id, proxyName: proxy.name };
}

function namesOfKey(key: CompiledKey | null) {
  if (!key) return { virtualKeyId: null, virtualKeyName: null, teamId: null, teamName: null };
  return { virtualKeyId: key.id, virtualKeyName: key.name, teamId: key.teamId, teamName: key.teamName };
}

function rounded(milliseconds: number): number {
  return Math.max(0, Math.round(milliseconds * 1000) / 1000);
}

let lastTime = 0;
let lastTimeText = '';

/** ISO 8601; requests of the same millisecond share the text. */
function isoTime(now: number): string {
  if (now !== lastTime) {
    lastTime = now;
    lastTimeText = new Date(now).toISOString();
  }
  return lastTimeText;
}
