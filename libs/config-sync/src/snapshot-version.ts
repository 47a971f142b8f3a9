import type { SnapshotEnvelope } from '@penstock/contracts';

/** Tells one published snapshot from another: two with one revision and different checksums are different. */
export type SnapshotVersion = Pick<SnapshotEnvelope, 'revision' | 'checksum'>;

/** `<revision>-<checksum>`: what an ETag says between its quotes. */
export function versionText(version: SnapshotVersion): string {
  return `${version.revision}-${version.checksum}`;
}
