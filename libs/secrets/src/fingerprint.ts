import { createHmac } from 'node:crypto';
import type { DerivedKeys } from './master-key.ts';

/**
 * Stands for a secret in an audit row: 16 hexadecimal characters of a keyed hash. The same secret has the same fingerprint,
 * and without the key nobody can test a guess.
 */
export function fingerprint(secret: string, keys: Pick<DerivedKeys, 'fingerprintKey'>): string {
  return createHmac('sha256', keys.fingerprintKey).update(secret).digest('hex').slice(0, 16);
}
