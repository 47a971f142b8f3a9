import type { ConfigSnapshot } from '@penstock/contracts';
import type { QuarantinedEntity } from './quarantine.ts';

/** A snapshot that was verified, with what had to be left out of it. */
export interface LoadedSnapshot {
  readonly snapshot: ConfigSnapshot;
  readonly checksum: string;
  /** Where it came from. */
  readonly origin: 'redis' | 'http' | 'file';
  /** Invalid entities that were left out. */
  readonly quarantined: readonly QuarantinedEntity[];
}

/** A snapshot that was not applied; the last good one stays. */
export interface SnapshotRefusal {
  readonly revision: number;
  readonly reason: string;
  readonly at: string;
}

/** A place for snapshots that could not be read or written; others are used meanwhile and it is tried again. */
export interface SnapshotSourceFault {
  readonly origin: LoadedSnapshot['origin'] | 'doorbell';
  readonly reason: string;
}

/** What a source tells its gateway. Only `apply` may throw. */
export interface SnapshotSourceEvents {
  /** Compiles and applies; throwing or rejecting refuses the snapshot. Called one at a time: the next one waits. */
  readonly apply: (loaded: LoadedSnapshot) => void | Promise<void>;
  readonly onRefusal: (refusal: SnapshotRefusal) => void;
  /** For the log; the same fault comes again with each attempt. */
  readonly onFault?: (fault: SnapshotSourceFault) => void;
}

export interface SnapshotSource {
  /** The snapshot in force; undefined before the first one is loaded. */
  current(): LoadedSnapshot | undefined;
  /** Loads the first snapshot it can get and keeps following until the signal aborts; resolves after the first attempt. */
  start(signal: AbortSignal): Promise<void>;
  /** How long ago it was last certain that nothing newer is published, milliseconds; before the first time, since the start. */
  stalenessMs(): number;
}
