import type { LoadedSnapshot } from '../snapshot-source.ts';

/**
 * Verifies and reads envelopes. Entities that are written as in the snapshot that it read before are the same objects, so that
 * nothing that is derived from them alone has to be derived again.
 */
export interface SnapshotReader {
  /** One at a time. Rejects with `SnapshotRefusedError` for what must not be applied; see `openEnvelope`. */
  read(bytes: Buffer, origin: LoadedSnapshot['origin']): Promise<LoadedSnapshot>;
  /** What is being read is given up. */
  close(): void;
}
