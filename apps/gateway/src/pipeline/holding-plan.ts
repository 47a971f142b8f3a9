import { GatewayError, type TokenUsage } from '@penstock/contracts';
import {
  type ApplicableLimit,
  boundRequest,
  type Consumption,
  type LeastUse,
  priceOf,
  probableUsage,
  type SentRequest,
  type UpperBound,
} from '@penstock/rate-limiting';
import { costOf } from '@penstock/usage';
import type { CompiledLimit } from '../config/compiled-config.ts';
import type { LimitSet } from '../config/limit-set.ts';
import type { Candidate } from './candidate.ts';
import type { Expectation } from './settlement.ts';

/** What a request will hold, and of which limits. */
export interface HoldingPlan {
  readonly candidates: readonly Candidate[];
  readonly expectation: Expectation;
  /** At the candidate that costs most. */
  readonly probable: Consumption;
  /** Null where no limit holds the most. */
  readonly most: UpperBound | null;
  /** Whether the output has to be bounded upstream. */
  readonly boundsOutput: boolean;
  /** Of everything that the request meets on its way to the first candidate. */
  readonly limits: readonly CompiledLimit[];
  /** Limits that sent the request away to another model. */
  readonly spared: readonly ApplicableLimit[];
}

export interface PlanSettings {
  /** Of the key, its team, its organization and the proxy, but for `spared`. */
  readonly access: LimitSet;
  /** Limits that sent the request here and are not charged. */
  readonly spared: readonly ApplicableLimit[];
  readonly nowMs: number;
  /** Bound of an answer where neither caller nor model has one, tokens. */
  readonly defaultMaxOutputTokens: number;
}

/** Plans what is held. Throws GatewayError when a limit refuses models without a price and no candidate has one. */
export function planHolding(sent: SentRequest, found: readonly Candidate[], settings: PlanSettings): HoldingPlan {
  const { access, spared, nowMs } = settings;
  const counts = sent.surface.operation === 'count-tokens';
  const candidates = counts ? found : withKnownPrice(found, access, nowMs);
  const [first] = candidates;
  if (!first) throw new TypeError('a request without a candidate is refused before');
  const expectation = expect(sent, first, nowMs);
  const isAsked = (what: keyof Omit<LimitSet, 'limits'>): boolean =>
    access[what] || candidates.some(({ limits }) => limits[what]);
  const most =
    !counts && isAsked('holdsMost')
      ? boundRequest(sent, candidates, { nowMs, fallback: settings.defaultMaxOutputTokens })
      : null;
  return {
    candidates,
    expectation,
    probable:
      candidates.length > 1 && isAsked('countsCost')
        ? { usage: expectation.usage, costMicroUsd: highestCost(sent, candidates, nowMs) }
        : expectation,
    most,
    boundsOutput: most !== null && most.outputBound > 0 && isAsked('boundsOutput'),
    limits: joined(access.limits, first.limits.limits),
    spared,
  };
}

/** What the request would use with the shortest answer, by the estimate and at most. */
export function leastUse({ candidates, expectation, most }: HoldingPlan, nowMs: number): LeastUse {
  const usage = { ...expectation.usage, outputTokens: 0 };
  const costs = candidates.flatMap((candidate) => {
    const price = priceOf(candidate, nowMs);
    return price ? [costOf(usage, price)] : [];
  });
  return {
    probable: { usage, costMicroUsd: costs.length === 0 ? null : Math.max(...costs) },
    most: most && most.consumption(most.leastOutput),
  };
}

/** Candidates that no limit refuses for want of a price. */
function withKnownPrice(found: readonly Candidate[], access: LimitSet, nowMs: number): readonly Candidate[] {
  if (!access.refusesUnknownPrice && !found.some(({ limits }) => limits.refusesUnknownPrice)) return found;
  const priced = found.filter(
    (candidate) =>
      priceOf(candidate, nowMs) !== undefined || !(access.refusesUnknownPrice || candidate.limits.refusesUnknownPrice),
  );
  const [first] = found;
  if (priced.length === 0 && first) throw unknownPrice(first.target.modelId, first.provider.name);
  return priced;
}

export function unknownPrice(model: string, provider: string): GatewayError {
  const message = `The model '${model}' of provider '${provider}' has no price, and a budget refuses models without one.`;
  return new GatewayError('insufficient_quota', message);
}

function expect(sent: SentRequest, candidate: Candidate, nowMs: number): Expectation {
  const { provider, target } = candidate;
  const usage = probableUsageAt(sent, candidate);
  const price = priceOf(candidate, nowMs);
  return {
    usage,
    provider,
    modelId: target.modelId,
    upstreamModel: target.upstreamModel,
    costMicroUsd: price ? costOf(usage, price) : null,
    priceVersion: price?.version ?? null,
    bodyBytes: sent.body.length,
  };
}

function highestCost(sent: SentRequest, candidates: readonly Candidate[], nowMs: number): number | null {
  const costs = candidates.flatMap((candidate) => {
    const price = priceOf(candidate, nowMs);
    return price ? [costOf(probableUsageAt(sent, candidate), price)] : [];
  });
  return costs.length === 0 ? null : Math.max(...costs);
}

function probableUsageAt(sent: SentRequest, { provider, target }: Candidate): TokenUsage {
  return probableUsage(sent, provider.ratios.of(target.modelId).estimate(sent.body.length));
}

function joined(access: readonly CompiledLimit[], own: readonly CompiledLimit[]): readonly CompiledLimit[] {
  if (own.length === 0) return access;
  return access.length === 0 ? own : [...access, ...own];
}
