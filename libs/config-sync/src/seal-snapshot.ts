import { createHash } from 'node:crypto';
import type { ConfigSnapshot, SnapshotEnvelope } from '@penstock/contracts';
import { type DerivedKeys, signSnapshot } from '@penstock/secrets';
import type { SnapshotVersion } from './snapshot-version.ts';

/** Largest envelope, as JSON text, that is published, fetched or opened. */
export const MAX_SNAPSHOT_BYTES = 64 * 1024 * 1024;

/** Signs a snapshot. Throws RangeError when its envelope would be larger than 64 MiB. */
export function sealSnapshot(snapshot: ConfigSnapshot, keys: Pick<DerivedKeys, 'snapshotKey'>): SnapshotEnvelope {
  const body = JSON.stringify(snapshot);
  const version = { revision: snapshot.revision, checksum: checksumOf(body) };
  const envelope = { ...version, signature: signSnapshot(version, keys), body };
  const size = Buffer.byteLength(encodeEnvelope(envelope));
  if (size > MAX_SNAPSHOT_BYTES)
    throw new RangeError(`the snapshot has ${size} bytes of at most ${MAX_SNAPSHOT_BYTES}`);
  return envelope;
}

/** SHA-256, hexadecimal. */
export function checksumOf(body: string): string {
  return createHash('sha256').update(body).digest('hex');
}

/** Bytes that are hashed without a pause. */
const HASHED_AT_ONCE = 1024 * 1024;

/** {@link checksumOf} with a step after each mebibyte. */
export function* checksumInSteps(body: string): Generator<void, string> {
  const hash = createHash('sha256');
  const bytes = Buffer.from(body);
  for (let at = 0; at < bytes.length; at += HASHED_AT_ONCE) {
    yield;
    hash.update(bytes.subarray(at, at + HASHED_AT_ONCE));
  }
  return hash.digest('hex');
}

/**
 * The envelope as text, for Redis, HTTP and the file. Revision and checksum come first, so that the first
 * {@link ENVELOPE_HEAD_BYTES} bytes tell the version of a snapshot without transferring it.
 */
export function encodeEnvelope({ revision, checksum, signature, body }: SnapshotEnvelope): string {
  return JSON.stringify({ revision, checksum, signature, body });
}

/** How much of an envelope's text {@link versionOfHead} needs. */
export const ENVELOPE_HEAD_BYTES = 128;

/** {@link versionOfHead} of a whole envelope. */
export function versionOfBytes(bytes: Buffer): SnapshotVersion | undefined {
  return versionOfHead(bytes.toString('latin1', 0, ENVELOPE_HEAD_BYTES));
}

/** The version that the beginning of an envelope's text claims (it is not verified), or undefined if it shows none. */
export function versionOfHead(head: string): SnapshotVersion | undefined {
  const [, revision, checksum] = /^\{"revision":(\d{1,15}),"checksum":"([0-9a-f]{64})"/.exec(head) ?? [];
  return revision === undefined || checksum === undefined ? undefined : { revision: Number(revision), checksum };
}
