import type { Doorbell } from '@penstock/contracts';
import type { Clock } from './clock.ts';
import { messageOf } from './message-of.ts';
import { SnapshotRefusedError } from './open-envelope.ts';
import type { SnapshotFile } from './snapshot-file.ts';
import type { EnvelopeBytes, KnownSnapshots, OriginAnswer, SnapshotOrigin, Standing } from './snapshot-origin.ts';
import { ReadingThreadEndedError } from './reading/reading-thread-handle.ts';
import type { SnapshotReader } from './reading/snapshot-reader.ts';
import type { LoadedSnapshot, SnapshotSourceEvents, SnapshotSourceFault } from './snapshot-source.ts';
import { type SnapshotVersion, versionText } from './snapshot-version.ts';

export interface FollowerOptions {
  readonly reader: SnapshotReader;
  readonly clock: Clock;
  readonly events: SnapshotSourceEvents;
  readonly file: SnapshotFile | undefined;
}

/**
 * Decides what is applied: it asks the origins in their order, opens what is new, applies it and keeps it on disk. What is
 * refused leaves the snapshot in force as it is, and is not fetched again until its version changes.
 */
export class SnapshotFollower {
  readonly #origins: readonly SnapshotOrigin[];
  readonly #options: FollowerOptions;
  readonly #refused = new Map<SnapshotOrigin, SnapshotVersion>();
  #current: LoadedSnapshot | undefined;
  #certainAt: number;

  constructor(origins: readonly SnapshotOrigin[], options: FollowerOptions) {
    this.#origins = origins;
    this.#options = options;
    this.#certainAt = options.clock.now();
  }

  get current(): LoadedSnapshot | undefined {
    return this.#current;
  }

  get stalenessMs(): number {
    return Math.max(0, this.#options.clock.now() - this.#certainAt);
  }

  /** Whether a ring says nothing new. */
  knows(doorbell: Doorbell): boolean {
    const standing = this.#standing(doorbell, undefined);
    return standing === 'current' || standing === 'older';
  }

  /** Looks at the origins until one of them settles what is in force; at the file only while nothing is. Never rejects. */
  async look(): Promise<void> {
    for (const origin of this.#origins) {
      if (await this.#lookAt(origin)) {
        this.#certainAt = this.#options.clock.now();
        return;
      }
    }
    if (!this.#current) await this.#loadFile();
  }

  async #lookAt(origin: SnapshotOrigin): Promise<boolean> {
    let answer: OriginAnswer;
    let refusal: SnapshotRefusedError | undefined;
    try {
      answer = await origin.look(this.#known(origin));
      if (answer.state !== 'new') return answer.state === 'current';
      refusal = await this.#apply(answer.bytes, origin.name);
    } catch (error) {
      if (error instanceof SnapshotRefusedError) this.#refuse(error.revision, error);
      else this.#fault(origin.name, error);
      return false;
    }
    if (refusal) {
      if (answer.version) this.#refused.set(origin, answer.version);
      this.#refuse(refusal.revision || (answer.version?.revision ?? 0), refusal);
      return false;
    }
    this.#refused.delete(origin);
    this.#save(answer.bytes)?.catch((error: unknown) => this.#fault('file', error));
    return true;
  }

  #save(bytes: EnvelopeBytes): Promise<void> | undefined {
    const { file, reader } = this.#options;
    if (!file) return undefined;
    return Buffer.isBuffer(bytes) ? file.save(bytes) : reader.saveHeld(file.path);
  }

  async #loadFile(): Promise<void> {
    try {
      for await (const bytes of this.#options.file?.candidates() ?? []) {
        const refusal = await this.#apply(bytes, 'file');
        if (!refusal) return;
        this.#fault('file', refusal);
      }
    } catch (error) {
      this.#fault('file', error);
    }
  }

  /** Opens and applies; a value instead of an exception when it is refused. Rejects when it should be tried again. */
  async #apply(bytes: EnvelopeBytes, origin: LoadedSnapshot['origin']): Promise<SnapshotRefusedError | undefined> {
    try {
      const loaded = await this.#options.reader.read(bytes, origin);
      const { revision } = loaded.snapshot;
      if (this.#standing({ revision, checksum: loaded.checksum }, undefined) === 'older') {
        return new SnapshotRefusedError(revision, 'it is older than the one in force');
      }
      await this.#options.events.apply(loaded);
      this.#current = loaded;
      return undefined;
    } catch (error) {
      if (error instanceof ReadingThreadEndedError) throw error;
      if (error instanceof SnapshotRefusedError) return error;
      return new SnapshotRefusedError(0, `it cannot be applied: ${messageOf(error)}`, { cause: error });
    }
  }

  #known(origin: SnapshotOrigin): KnownSnapshots {
    const refused = this.#refused.get(origin);
    return { applied: this.#applied(), refused, standing: (version) => this.#standing(version, refused) };
  }

  #standing(version: SnapshotVersion, refused: SnapshotVersion | undefined): Standing {
    const applied = this.#applied();
    if (refused && versionText(refused) === versionText(version)) return 'refused';
    if (!applied || version.revision > applied.revision) return 'new';
    if (version.revision < applied.revision) return 'older';
    return version.checksum === applied.checksum ? 'current' : 'new';
  }

  #applied(): SnapshotVersion | undefined {
    return this.#current && { revision: this.#current.snapshot.revision, checksum: this.#current.checksum };
  }

  #refuse(revision: number, error: Error): void {
    this.#options.events.onRefusal({
      revision,
      reason: error.message.slice(0, 2000),
      at: new Date(this.#options.clock.now()).toISOString(),
    });
  }

  #fault(origin: SnapshotSourceFault['origin'], error: unknown): void {
    this.#options.events.onFault?.({ origin, reason: messageOf(error) });
  }
}
