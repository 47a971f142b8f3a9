import { GatewayError, type TokenUsage } from '@penstock/contracts';
import type { ApplicableLimit } from '@penstock/rate-limiting';
import { costOf } from '@penstock/usage';
import type { CompiledLimit } from '../config/compiled-config.ts';
import type { LimitSet } from '../config/limit-set.ts';
import { boundRequest, type SentRequest } from './bound-request.ts';
import { type Candidate, priceOf } from './candidate.ts';
import type { Consumption } from './estimate-charges.ts';
import type { Expectation } from './settlement.ts';
import type { UpperBound } from './upper-bound.ts';

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

/** Output that a request is expected to produce when it sets no bound itself. */
const PROBABLE_OUTPUT_TOKENS = 1024;
/** What the usage event can hold. */
const MAX_TOKENS = 1_000_000_000;

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
  const usage = probableUsage(sent, candidate);
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
    return price ? [costOf(probableUsage(sent, candidate), price)] : [];
  });
  return costs.length === 0 ? null : Math.max(...costs);
}

function probableUsage({ surface, facts, body }: SentRequest, { provider, target }: Candidate): TokenUsage {
  const counts = surface.operation === 'count-tokens';
  const answer = facts.choices * (facts.maxOutputTokens ?? PROBABLE_OUTPUT_TOKENS);
  return {
    inputTokens: counts ? 0 : provider.ratios.of(target.modelId).estimate(body.length),
    outputTokens: surface.outputFields.length === 0 ? 0 : Math.min(MAX_TOKENS, answer),
    cachedInputTokens: 0,
    reasoningTokens: 0,
  };
}

function joined(access: readonly CompiledLimit[], own: readonly CompiledLimit[]): readonly CompiledLimit[] {
  if (own.length === 0) return access;
  return access.length === 0 ? own : [...access, ...own];
}
