import type { EnvelopeBytes, FoundEnvelope } from '../snapshot-origin.ts';
import type { LoadedSnapshot } from '../snapshot-source.ts';

/**
 * Verifies and reads envelopes. Entities that are written as in the snapshot that it read before are the same objects, so that
 * nothing that is derived from them alone has to be derived again.
 */
export interface SnapshotReader {
  /**
   * Fetches an envelope of so many bytes from Redis, and holds it until the next one; null when it is gone by then. Undefined: it
   * is small, and for the caller to fetch. Rejects when Redis cannot be asked.
   */
  fetch(redisUrl: string, length: number): Promise<FoundEnvelope | null> | undefined;
  /** One at a time. Rejects with `SnapshotRefusedError` for what must not be applied; see `openEnvelope`. */
  read(bytes: EnvelopeBytes, origin: LoadedSnapshot['origin']): Promise<LoadedSnapshot>;
  /** Writes the envelope that is held as {@link SnapshotFile} does. Rejects when none is, and when the disk refuses. */
  saveHeld(file: string): Promise<void>;
  /** What is being read is given up. */
  close(): void;
}
