import type { SnapshotEnvelope } from '@penstock/contracts';

export interface SnapshotPublisher {
  /** Stores the envelope and rings the doorbell; an older revision never replaces a newer one. */
  publish(envelope: SnapshotEnvelope): Promise<void>;
}
