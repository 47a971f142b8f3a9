import type { ConfigSnapshot } from '@penstock/contracts';

/** A snapshot that was verified, with what had to be left out of it. */
export interface LoadedSnapshot {
  readonly snapshot: ConfigSnapshot;
  readonly checksum: string;
  /** Where it came from. */
  readonly origin: 'redis' | 'http' | 'file';
  /** Invalid entities that were left out. */
  readonly quarantined: readonly { readonly kind: string; readonly name: string; readonly reason: string }[];
}

/** A snapshot that was not applied; the last good one stays. */
export interface SnapshotRefusal {
  readonly revision: number;
  readonly reason: string;
  readonly at: string;
}

export interface SnapshotSourceEvents {
  /** Compiles and applies; throwing refuses the snapshot. Called synchronously, one at a time. */
  readonly apply: (loaded: LoadedSnapshot) => void;
  readonly onRefusal: (refusal: SnapshotRefusal) => void;
}

export interface SnapshotSource {
  /** The snapshot in force; undefined before the first one is loaded. */
  current(): LoadedSnapshot | undefined;
  /** Loads the first snapshot it can get and keeps following until the signal aborts; resolves after the first attempt. */
  start(signal: AbortSignal): Promise<void>;
  /** Age of the last successful look at the source, milliseconds. */
  stalenessMs(): number;
}
