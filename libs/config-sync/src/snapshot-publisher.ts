import type { SnapshotEnvelope } from '@penstock/contracts';

/** `superseded`: a newer revision was there already, so that nothing was changed. */
export type PublishOutcome = 'published' | 'superseded';

export interface SnapshotPublisher {
  /** Stores the envelope and rings the doorbell; an older revision never replaces a newer one. */
  publish(envelope: SnapshotEnvelope): Promise<PublishOutcome>;
}
