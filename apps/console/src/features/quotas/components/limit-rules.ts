import { isLedgerLimit, type Limit } from '@penstock/contracts';

interface Shape {
  readonly unit: Limit['unit'];
  /** Empty while none is chosen. */
  readonly window: Limit['window'] | '';
}

/** Which settings a limit of this unit and window has; the others are neither shown nor sent. */
export interface LimitSettings {
  /** A calendar or rolling window, and alerts. */
  readonly ledger: boolean;
  readonly burst: boolean;
  readonly estimate: boolean;
  readonly unknownPrice: boolean;
}

/** The settings of a limit, by the rules of the contracts' `Limit`. */
export function settingsOf({ unit, window }: Shape): LimitSettings {
  const ledger = isLedgerLimit({ unit, window: window || undefined });
  return {
    ledger,
    burst: unit !== 'concurrency' && window !== '' && !ledger,
    estimate: unit !== 'requests' && unit !== 'concurrency',
    unknownPrice: unit === 'cost',
  };
}
