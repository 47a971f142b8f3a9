import { isLedgerLimit, type Limit, type LimitStatus } from '@penstock/contracts';

/**
 * What gateways have debited of a budget beforehand, so that they can go on while Redis is lost: it is neither used nor
 * left. None for rates, whose bursts make more or less of their window.
 */
export function setAsideOf({ unit, window, max, used, remaining }: LimitStatus): number {
  const ledger = isLedgerLimit({ unit: unit as Limit['unit'], window: (window ?? undefined) as Limit['window'] });
  return ledger ? Math.max(0, max - used - remaining) : 0;
}
