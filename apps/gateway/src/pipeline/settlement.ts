import {
  type GatewayError,
  holdsUpperBound,
  type LimitUnit,
  MAX_SPARED_LIMITS,
  sparedLimitName,
  type TokenUsage,
  type UsageSource,
} from '@penstock/contracts';
import {
  type ApplicableLimit,
  estimateCharges,
  type LimitCharge,
  limitRefusal,
  priceOf,
  type RateLimiter,
  type Reservation,
} from '@penstock/rate-limiting';
import { costOf, type OpenedUsage, type OpenUsage, priceAt, type UsageSink } from '@penstock/usage';
import type { CompiledKey, CompiledProvider, CompiledProxy } from '../config/compiled-config.ts';
import type { AnswerEnd } from '../dispatch/relay.ts';
import type { RequestContext } from '../http/request-context.ts';
import type { GatewayMetrics } from '../telemetry/gateway-metrics.ts';
import { limitSet, type LimitSet } from '../config/limit-set.ts';
import { inOwnWords, measured } from '../policies/policy-limit.ts';
import type { Admission } from './admit.ts';
import type { Candidate } from './candidate.ts';
import { unknownPrice } from './holding-plan.ts';
import { actualAmount, countsAt, holds, type Spending, sumOf } from './spending.ts';
import { type AskedModel, outputBoundAt, unseenOutput } from './unseen-output.ts';

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
  /** UTF-8 bytes of the body. */
  readonly bodyBytes: number;
}

const NOTHING: TokenUsage = { inputTokens: 0, outputTokens: 0, cachedInputTokens: 0, reasoningTokens: 0 };
/** Well within the lease of a reservation. */
const RENEW_MS = 20_000;
/** What one request may use more than once. */
const HARD_UNITS: ReadonlySet<LimitUnit> = new Set(['tokens', 'input-tokens', 'output-tokens', 'cost']);

/** The books of one admitted request: opened before it is sent, settled exactly once on whatever way it ends. */
export class Settlement {
  readonly #context: RequestContext;
  readonly #services: SettlementServices;
  readonly #admission: Admission;
  readonly #reservations: Reservation[];
  readonly #open: OpenUsage;
  readonly #opened: OpenedUsage;
  #renewedAt = performance.now();
  /** What attempts may have used that were given up before. */
  readonly #abandoned: Spending[] = [];
  /** What the next attempt may use is not held yet, since one was abandoned. */
  #uncovered = false;
  #settled = false;

  constructor(context: RequestContext, services: SettlementServices, admission: Admission) {
    this.#context = context;
    this.#services = services;
    this.#admission = admission;
    this.#reservations = admission.reservation ? [admission.reservation] : [];
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

  /** Whether all that the attempt at a provider's model may use is held already, or nothing limits it. */
  covers(provider: CompiledProvider, modelId: string, { limits }: LimitSet): boolean {
    if (this.#uncovered && this.#heldAgain(provider, modelId).length > 0) return false;
    return limits.every(({ applicable }) => this.#holds(applicable));
  }

  /**
   * Holds the limits of another provider or model before it is tried, and once more the hard ones when an attempt was abandoned
   * that may have used what they held; the refusal when one of them denies.
   */
  async cover(candidate: Candidate): Promise<GatewayError | null> {
    const { limiter, metrics, now, onSettleFault } = this.#services;
    const { provider, target } = candidate;
    const missing = limitSet(candidate.limits.limits.filter(({ applicable }) => !this.#holds(applicable)));
    if (missing.refusesUnknownPrice && !priceOf(candidate, now())) return unknownPrice(target.modelId, provider.name);
    const { probable, most } = this.#admission;
    const again = this.#uncovered ? this.#heldAgain(provider, target.modelId) : [];
    const charges = [...measured(estimateCharges(missing.limits, probable, most), probable), ...again];
    const decision = await limiter.reserve(charges);
    metrics.countShadowRejections(decision.statuses);
    if (!decision.allowed) {
      metrics.rejected(decision.exceeded.applicable.limit.unit);
      return inOwnWords(limitRefusal(decision, charges, now()), decision);
    }
    // The client left meanwhile: what was held is given back.
    if (this.#settled) limiter.settle(decision.reservation, () => 0).catch(onSettleFault);
    else this.#reservations.push(decision.reservation);
    this.#uncovered = false;
    return null;
  }

  /** What an attempt at a model may use of the hard limits that are held already, as it was held first. */
  #heldAgain(provider: CompiledProvider, modelId: string): readonly LimitCharge[] {
    const found = new Map<ApplicableLimit, LimitCharge>();
    for (const { charges } of this.#reservations) {
      for (const charge of charges) {
        const { limit, subject } = charge.applicable;
        const isHeld = HARD_UNITS.has(limit.unit) && holdsUpperBound(limit);
        if (isHeld && countsAt(subject, provider.id, modelId) && !found.has(charge.applicable))
          found.set(charge.applicable, charge);
      }
    }
    return [...found.values()];
  }

  #holds(applicable: ApplicableLimit): boolean {
    if (this.#admission.spared.includes(applicable)) return true;
    return this.#reservations.some((reservation) => holds(reservation, applicable));
  }

  /**
   * An attempt was given up although its upstream may have been at work for so many milliseconds, and another target is tried:
   * what it may have generated counts as well. Called before the context tells of the other target.
   */
  abandon(unseenMs: number): void {
    const usage = this.#unseenUsage(unseenMs);
    this.#abandoned.push(this.#spendingOf(usage, 'estimated'));
    this.#uncovered = this.#admission.most !== null;
  }

  /** Writes the usage event, pays the limits, counts. When `written` is called the event survives the death of the process. */
  settle(end: AnswerEnd, written?: () => void): void {
    if (this.#settled) return;
    this.#settled = true;
    const { usage, source } = this.#usageOf(end);
    const last = this.#spendingOf(usage, source);
    const spendings = [...this.#abandoned, last];
    this.#record(end, sumOf(this.#abandoned, last), written);
    this.#pay(spendings);
    for (const spending of spendings) this.#count(spending);
  }

  #usageOf(end: AnswerEnd): { usage: TokenUsage; source: UsageSource } {
    if (end.usage && end.usageIsPartial !== true) return { usage: end.usage, source: 'reported' };
    if (!end.usage && !end.spent) return { usage: NOTHING, source: 'none' };
    const { inputTokens } = this.#admission.expectation.usage;
    const seen = end.usage ?? { ...NOTHING, inputTokens, outputTokens: end.outputTokensSeen };
    const unseen = end.unseenMs === undefined ? 0 : this.#unseenUsage(end.unseenMs).outputTokens;
    const outputTokens = Math.min(Math.max(seen.outputTokens, unseen), this.#mostOutput());
    return { usage: { ...seen, outputTokens }, source: 'estimated' };
  }

  #unseenUsage(unseenMs: number): TokenUsage {
    const { inputTokens } = this.#admission.expectation.usage;
    return { ...NOTHING, inputTokens, outputTokens: unseenOutput(this.#admission, this.#model(), unseenMs) };
  }

  /** An upstream that was given a bound has not generated more: an estimate must not make a ledger exceed its limit. */
  #mostOutput(): number {
    return outputBoundAt(this.#admission, this.#model()) ?? Infinity;
  }

  #model(): AskedModel {
    return { providerId: this.#context.provider?.id, modelId: this.#context.modelId };
  }

  #spendingOf(usage: TokenUsage, source: UsageSource): Spending {
    const { provider, modelId } = this.#context;
    return { usage, source, costMicroUsd: this.#costOf(usage, source), provider, modelId };
  }

  /** Nothing costs nothing, whatever its price. */
  #costOf(usage: TokenUsage, source: UsageSource): number | null {
    if (source === 'none' || (usage.inputTokens === 0 && usage.outputTokens === 0)) return 0;
    const price = this.#price();
    return price ? costOf(usage, price) : null;
  }

  /** Metrics, and what can be learned of the model's tokens. */
  #count({ usage, source, costMicroUsd, provider, modelId }: Spending): void {
    if (source === 'none' || !provider) return;
    const { metrics } = this.#services;
    metrics.tokens(provider, modelId).add(usage, costMicroUsd);
    if (costMicroUsd === null) metrics.countUnknownPrice(provider.name);
    if (source === 'reported')
      provider.ratios.of(modelId).learn(this.#admission.expectation.bodyBytes, usage.inputTokens);
  }

  #price(): ReturnType<typeof priceAt> {
    const { provider, modelId } = this.#context;
    return priceAt(provider?.prices.get(modelId) ?? [], this.#services.now());
  }

  #record(
    end: AnswerEnd,
    spent: Pick<Spending, 'usage' | 'source' | 'costMicroUsd'>,
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
        modelId: context.modelId === '' ? null : context.modelId,
        userTag: open.userTag,
        sparedLimits: open.sparedLimits,
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

  #pay(spendings: readonly Spending[]): void {
    const { limiter, onSettleFault } = this.#services;
    const reservations = this.#reservations;
    for (const reservation of reservations) {
      const actual = (charge: LimitCharge): number => actualAmount(charge, { reservation, reservations }, spendings);
      limiter.settle(reservation, actual).catch(onSettleFault);
    }
  }

  #openUsage(): OpenUsage {
    const { id, requestId, key, proxy, facts, route } = this.#context;
    const { usage, provider, upstreamModel, modelId, costMicroUsd, priceVersion } = this.#admission.expectation;
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
      modelId,
      userTag: this.#context.userTag,
      sparedLimits: namesOfSpared(this.#admission.spared),
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

function namesOfSpared(spared: readonly ApplicableLimit[]): string[] {
  return spared.slice(0, MAX_SPARED_LIMITS).map(({ subject, id }) => sparedLimitName(subject, id));
}

function namesOfProxy(proxy: CompiledProxy | null) {
  if (!proxy) return { organizationId: '', proxyId: null, proxyName: null };
  if (proxy.direct) return { organizationId: proxy.organizationId, proxyId: null, proxyName: null };
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
