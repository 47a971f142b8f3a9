import { createHmac } from 'node:crypto';
import type { DerivedKeys } from './master-key.ts';

/** What a gateway shows to the control plane's internal API where no token is set: both planes have the master key. */
export function deriveInternalToken(keys: Pick<DerivedKeys, 'snapshotKey'>): string {
  return createHmac('sha256', keys.snapshotKey).update('penstock/internal-api').digest('base64url');
}
