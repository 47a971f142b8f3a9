import { createHmac, timingSafeEqual } from 'node:crypto';
import type { SnapshotEnvelope } from '@penstock/contracts';
import type { DerivedKeys } from './master-key.ts';

type SnapshotKeys = Pick<DerivedKeys, 'snapshotKey'>;
type Signed = Pick<SnapshotEnvelope, 'revision' | 'checksum'>;

/** HMAC-SHA256 of `<revision>.<checksum>` under the snapshot key, base64url. */
export function signSnapshot(signed: Signed, keys: SnapshotKeys): string {
  return digest(signed, keys).toString('base64url');
}

/** Whether the signature was made with the snapshot key for this revision and checksum; takes the same time for every answer. */
export function verifySnapshot(envelope: Signed & Pick<SnapshotEnvelope, 'signature'>, keys: SnapshotKeys): boolean {
  const expected = digest(envelope, keys);
  const presented = Buffer.from(envelope.signature, 'base64url');
  return presented.length === expected.length && timingSafeEqual(presented, expected);
}

function digest(signed: Signed, keys: SnapshotKeys): Buffer {
  return createHmac('sha256', keys.snapshotKey).update(`${signed.revision}.${signed.checksum}`).digest();
}
