import type { KeyUsage } from '@penstock/contracts';
import type { ApplicableLimit, LimitReading } from '@penstock/rate-limiting';

/** What can be told to a virtual key of itself. Both reject when Redis cannot be asked. */
export interface KeyAccounts {
  /** How much of limits is used now, in their order. */
  readLimits(limits: readonly ApplicableLimit[]): Promise<readonly LimitReading[]>;
  /** The key's sums as they were written last; null when it has none. */
  readUsage(keyId: string): Promise<KeyUsage | null>;
}
