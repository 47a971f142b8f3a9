import type { UsageEvent } from '@penstock/contracts';
import { formatCost } from '../../../lib/format-cost.ts';

/** A cost that may be unknown, which is not the same as free. */
export function costOfRequest({ costMicroUsd }: Pick<UsageEvent, 'costMicroUsd'>): string {
  return costMicroUsd === null ? 'unknown' : formatCost(costMicroUsd);
}
