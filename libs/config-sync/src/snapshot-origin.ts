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
  | { readonly state: 'new'; readonly bytes: Buffer; readonly version: SnapshotVersion | undefined };

/** A place that the newest snapshot can be fetched from. */
export interface SnapshotOrigin {
  readonly name: 'redis' | 'http';
  /** Looks for a snapshot that is not known; transfers it only if there is one. Rejects when it cannot be asked. */
  look(known: KnownSnapshots): Promise<OriginAnswer>;
}
