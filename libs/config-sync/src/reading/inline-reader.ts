import type { DerivedKeys } from '@penstock/secrets';
import { EntityMemory } from '../entity-memory.ts';
import { openEnvelopeGradually } from '../open-envelope.ts';
import type { EnvelopeBytes } from '../snapshot-origin.ts';
import type { LoadedSnapshot } from '../snapshot-source.ts';
import type { SnapshotReader } from './snapshot-reader.ts';

/** Reads where it is called, in small steps. */
export class InlineReader implements SnapshotReader {
  readonly #keys: Pick<DerivedKeys, 'snapshotKey'>;
  #memory = new EntityMemory();

  constructor(keys: Pick<DerivedKeys, 'snapshotKey'>) {
    this.#keys = keys;
  }

  fetch(): undefined {
    return undefined;
  }

  async read(bytes: EnvelopeBytes, origin: LoadedSnapshot['origin']): Promise<LoadedSnapshot> {
    if (!Buffer.isBuffer(bytes)) throw new Error('nothing is held here');
    return openEnvelopeGradually(bytes.toString(), this.#keys, { origin, memory: this.#memory });
  }

  saveHeld(): Promise<void> {
    return Promise.reject(new Error('nothing is held here'));
  }

  close(): void {
    this.#memory = new EntityMemory();
  }
}
