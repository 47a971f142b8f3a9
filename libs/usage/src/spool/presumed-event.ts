import type { UsageEvent } from '@penstock/contracts';
import type { OpenUsage } from '../usage-sink.ts';

/** The event of a request whose gateway died before the end; `lastSignMs` is when the gateway last wrote anything. */
export function presumedEvent(open: OpenUsage, lastSignMs: number): UsageEvent {
  const { estimatedCostMicroUsd = null, estimatedPriceVersion = null, ...known } = open;
  return {
    ...known,
    outcome: 'presumed',
    httpStatus: 500,
    errorCode: null,
    usageSource: 'presumed',
    costMicroUsd: estimatedCostMicroUsd,
    priceVersion: estimatedPriceVersion,
    firstTokenMs: null,
    durationMs: Math.max(0, Math.round(lastSignMs - Date.parse(open.occurredAt))),
  };
}
