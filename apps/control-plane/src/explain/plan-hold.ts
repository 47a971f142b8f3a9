import { type ExplainedHold, GatewayError, type TokenUsage } from '@penstock/contracts';
import {
  boundRequest,
  type Consumption,
  priceOf,
  probableUsage,
  type SentRequest,
  type UpperBound,
} from '@penstock/rate-limiting';
import { costOf, estimateTokens } from '@penstock/usage';
import type { ApplicableLimits, LabelledLimit } from './applicable-limits.ts';
import type { ExplainedCandidate } from './explain-targets.ts';

/** What gateways take for the bound of an answer where neither caller nor model has one, unless their environment says otherwise. */
const DEFAULT_MAX_OUTPUT_TOKENS = 4096;

/** What a request will hold, and of which limits. */
export interface HoldPlan {
  readonly told: ExplainedHold;
  readonly probable: Consumption;
  /** The same without an answer. */
  readonly least: Consumption;
  /** Null for requests that are only counted. */
  readonly most: UpperBound | null;
  readonly limits: readonly LabelledLimit[];
}

export interface HoldQuestion {
  readonly sent: SentRequest;
  /** At least one. */
  readonly candidates: readonly ExplainedCandidate[];
  readonly access: readonly LabelledLimit[];
  readonly limits: ApplicableLimits;
  readonly now: number;
}

/** Plans as gateways do. Throws GatewayError when a budget refuses models without a price and no candidate has one. */
export function planHold(question: HoldQuestion): HoldPlan {
  const { sent, access, limits, now } = question;
  const counts = sent.surface.operation === 'count-tokens';
  const candidates = counts ? question.candidates : withKnownPrice(question);
  const [first] = candidates;
  if (!first) throw new TypeError('a request without a candidate is refused before');
  const usage = probableUsage(sent, estimateTokens(sent.body.length));
  const probable = atHighestPrice(usage, candidates, now);
  const bound = { nowMs: now, fallback: DEFAULT_MAX_OUTPUT_TOKENS };
  const most = counts ? null : boundRequest(sent, candidates, bound);
  return {
    told: { probable: told(probable), most: told(most?.consumption() ?? probable) },
    probable,
    least: atHighestPrice({ ...usage, outputTokens: 0 }, candidates, now),
    most,
    limits: [...access, ...limits.target(first.entry, first.target.modelId)],
  };
}

function atHighestPrice(usage: TokenUsage, candidates: readonly ExplainedCandidate[], now: number): Consumption {
  const costs = candidates.flatMap((candidate) => {
    const price = priceOf(candidate, now);
    return price ? [costOf(usage, price)] : [];
  });
  return { usage, costMicroUsd: costs.length === 0 ? null : Math.max(...costs) };
}

function told({ usage: { inputTokens, outputTokens }, costMicroUsd }: Consumption): ExplainedHold['most'] {
  return { inputTokens, outputTokens, costMicroUsd };
}

function withKnownPrice({ candidates, access, limits, now }: HoldQuestion): readonly ExplainedCandidate[] {
  const refuses = (some: readonly LabelledLimit[]): boolean =>
    some.some(({ applicable: { limit } }) => limit.mode === 'enforce' && limit.onUnknownPrice === 'deny');
  const always = refuses(access);
  const priced = candidates.filter(
    (candidate) =>
      priceOf(candidate, now) !== undefined ||
      !(always || refuses(limits.target(candidate.entry, candidate.target.modelId))),
  );
  const [first] = candidates;
  if (priced.length > 0 || !first) return priced;
  const message = `The model '${first.target.modelId}' of provider '${first.entry.name}' has no price, and a budget refuses models without one.`;
  throw new GatewayError('insufficient_quota', message);
}
