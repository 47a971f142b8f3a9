import type { RequestFacts } from '@penstock/dialects';
import { estimateCharges, limitRefusal } from '@penstock/rate-limiting';
import type { CompiledLimit, CompiledProvider } from '../config/compiled-config.ts';
import type { RequestContext } from '../http/request-context.ts';
import type { Admission, AdmissionServices } from '../pipeline/admit.ts';
import { rateLimitHeaders } from '../pipeline/rate-limit-headers.ts';
import { inOwnWords, measured, measureOf } from '../policies/policy-limit.ts';
import { withPolicyHeaders } from '../policies/policy-limit-headers.ts';

/** What is known of a body that nobody reads. */
export const NO_FACTS: RequestFacts = {
  model: '',
  stream: false,
  includeUsage: false,
  maxOutputTokens: null,
  choices: 1,
  members: [],
};

const NO_USAGE = { inputTokens: 0, outputTokens: 0, cachedInputTokens: 0, reasoningTokens: 0 };
const COUNTED: ReadonlySet<string> = new Set(['requests', 'concurrency']);

/** Takes a relayed request from all limits that count requests, in one step. Rejects with GatewayError when one of them denies. */
export async function reserveRelay(
  context: RequestContext,
  { provider, limits }: { readonly provider: CompiledProvider; readonly limits: readonly CompiledLimit[] },
  { limiter, metrics, now }: Pick<AdmissionServices, 'limiter' | 'metrics' | 'now'>,
): Promise<Admission> {
  const probable = { usage: NO_USAGE, costMicroUsd: 0 };
  const admission: Admission = {
    candidates: [],
    expectation: { ...probable, provider, modelId: '', upstreamModel: '', priceVersion: null, bodyBytes: 0 },
    reservation: null,
    probable,
    most: null,
    answers: 1,
    outputBounds: null,
    spared: [],
  };
  const counted = limits.filter(({ unit }) => COUNTED.has(unit));
  if (counted.length === 0) return admission;
  const charges = measured(estimateCharges(counted, probable, null), probable);
  const decision = await limiter.reserve(charges);
  metrics.countShadowRejections(decision.statuses);
  const told = decision.statuses.filter(({ applicable }) => !measureOf(applicable));
  context.rateLimitHeaders = withPolicyHeaders(rateLimitHeaders(told), decision.statuses);
  if (decision.allowed) return { ...admission, reservation: decision.reservation };
  metrics.rejected(decision.exceeded.applicable.limit.unit);
  throw inOwnWords(limitRefusal(decision, charges, now()), decision);
}
