import type { KeyObject } from 'node:crypto';
import type { QuarantinedEntity } from '../quarantine.ts';
import type { LoadedSnapshot } from '../snapshot-source.ts';
import type { SnapshotVersion } from '../snapshot-version.ts';
import type { EntityList } from '../split-body.ts';

/** What the reading thread is started with. */
export interface ThreadData {
  readonly snapshotKey: KeyObject;
}

/**
 * What the thread is asked for: to fetch an envelope from Redis and hold it, to read one (null: the one that it holds), then again
 * and again the next of its entities that were not known, and to write to a file what it holds.
 */
export type ThreadQuestion =
  | { readonly ask: 'fetch'; readonly redisUrl: string }
  | { readonly ask: 'read'; readonly bytes: Uint8Array | null; readonly origin: LoadedSnapshot['origin'] }
  | { readonly ask: 'save'; readonly file: string }
  | { readonly ask: 'entities' };

/** One list of a snapshot: for each entity where it stood in this list of the snapshot before, or -1: it was not there. */
export type Places = Partial<Record<EntityList, Int32Array>>;

export interface ReadAnswer {
  readonly is: 'read';
  /** The snapshot without its lists. */
  readonly frame: object;
  readonly places: Places;
  readonly checksum: string;
  readonly quarantined: readonly QuarantinedEntity[];
}

export type ThreadAnswer =
  | ReadAnswer
  /** The version that the envelope claims. */
  | { readonly is: 'fetched'; readonly version: SnapshotVersion | undefined }
  | { readonly is: 'absent' }
  | { readonly is: 'saved' }
  /** A list of them as JSON, which is read faster than a copied object; in the order of the lists, and of `places` within each. */
  | { readonly is: 'entities'; readonly json: string; readonly more: boolean }
  | { readonly is: 'refused'; readonly revision: number; readonly reason: string }
  | { readonly is: 'failed'; readonly reason: string };
