import type { KeyObject } from 'node:crypto';
import type { QuarantinedEntity } from '../quarantine.ts';
import type { LoadedSnapshot } from '../snapshot-source.ts';
import type { EntityList } from '../split-body.ts';

/** What the reading thread is started with. */
export interface ThreadData {
  readonly snapshotKey: KeyObject;
}

/** What the thread is asked for: to read an envelope, then again and again the next of its entities that were not known. */
export type ThreadQuestion =
  | { readonly ask: 'read'; readonly bytes: Uint8Array; readonly origin: LoadedSnapshot['origin'] }
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
  /** A list of them as JSON, which is read faster than a copied object; in the order of the lists, and of `places` within each. */
  | { readonly is: 'entities'; readonly json: string; readonly more: boolean }
  | { readonly is: 'refused'; readonly revision: number; readonly reason: string }
  | { readonly is: 'failed'; readonly reason: string };
