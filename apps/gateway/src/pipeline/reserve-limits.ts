import type { RateLimiter, Reservation } from '@penstock/rate-limiting';
import type { CompiledLimit } from '../config/compiled-config.ts';
import type { RequestContext } from '../http/request-context.ts';
import type { GatewayMetrics } from '../telemetry/gateway-metrics.ts';
import { type Consumption, estimateCharges } from './estimate-charges.ts';
import { limitRefusal } from './limit-refusal.ts';
import { rateLimitHeaders } from './rate-limit-headers.ts';

/**
 * Takes what the request will probably use from all of its limits in one step, and tells the caller how much is left.
 * Throws GatewayError when a limit denies it.
 */
export async function reserveLimits(
  context: RequestContext,
  limits: readonly CompiledLimit[],
  expected: Consumption,
  services: { readonly limiter: RateLimiter; readonly metrics: GatewayMetrics },
): Promise<Reservation> {
  const decision = await services.limiter.reserve(estimateCharges(limits, expected));
  context.rateLimitHeaders = rateLimitHeaders(decision.statuses);
  if (decision.allowed) return decision.reservation;
  services.metrics.rejected(decision.exceeded.applicable.limit.unit);
  throw limitRefusal(decision);
}
