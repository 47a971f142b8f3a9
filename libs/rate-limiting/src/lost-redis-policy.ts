import type { Limit } from '@penstock/contracts';

/**
 * What becomes of a charge while Redis is lost: `share` asks the fallback, `pledge` spends what was debited beforehand, `deny`
 * refuses, and `allow` only counts, so that Redis can be told later.
 */
export type LostRedisPolicy = 'share' | 'pledge' | 'deny' | 'allow';

/** The policy of a limit; one in shadow mode never refuses. */
export function lostRedisPolicy({ unit, mode, onUnavailable = 'local' }: Limit): LostRedisPolicy {
  if (mode === 'shadow') return unit === 'cost' || onUnavailable === 'allow' ? 'allow' : 'share';
  if (onUnavailable !== 'local') return onUnavailable;
  return unit === 'cost' ? 'pledge' : 'share';
}
