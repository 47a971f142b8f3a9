import type { DerivedKeys } from '@penstock/secrets';
import { EntityMemory } from '../entity-memory.ts';
import { openEnvelopeGradually } from '../open-envelope.ts';
import type { LoadedSnapshot } from '../snapshot-source.ts';
import type { SnapshotReader } from './snapshot-reader.ts';

/** Reads where it is called, in small steps. */
export class InlineReader implements SnapshotReader {
  readonly #keys: Pick<DerivedKeys, 'snapshotKey'>;
  #memory = new EntityMemory();

  constructor(keys: Pick<DerivedKeys, 'snapshotKey'>) {
    this.#keys = keys;
  }

  async read(bytes: Buffer, origin: LoadedSnapshot['origin']): Promise<LoadedSnapshot> {
    return openEnvelopeGradually(bytes.toString(), this.#keys, { origin, memory: this.#memory });
  }

  close(): void {
    this.#memory = new EntityMemory();
  }
}
