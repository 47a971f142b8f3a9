import type { SnapshotVersion } from './snapshot-version.ts';

/** What is known of a snapshot before it is fetched: `current` is in force, `older` than that, or was `refused` from there. */
export type Standing = 'new' | 'current' | 'older' | 'refused';

/** What the asker has already. */
export interface KnownSnapshots {
  readonly applied: SnapshotVersion | undefined;
  /** The one that was refused from this origin. */
  readonly refused: SnapshotVersion | undefined;
  standing(version: SnapshotVersion): Standing;
}

export type OriginAnswer =
  | { readonly state: 'absent' | Exclude<Standing, 'new'> }
  | ({ readonly state: 'new' } & FoundEnvelope);

/** An envelope, and the version that it claims. */
export interface FoundEnvelope {
  readonly bytes: EnvelopeBytes;
  readonly version: SnapshotVersion | undefined;
}

/** The bytes of an envelope, or the word that the reading thread holds them: large ones never come into this one. */
export type EnvelopeBytes = Buffer | 'held by the reading thread';

/** A place that the newest snapshot can be fetched from. */
export interface SnapshotOrigin {
  readonly name: 'redis' | 'http';
  /** Looks for a snapshot that is not known; transfers it only if there is one. Rejects when it cannot be asked. */
  look(known: KnownSnapshots): Promise<OriginAnswer>;
}
