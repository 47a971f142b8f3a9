import type { DerivedKeys } from '@penstock/secrets';
import type { EnvelopeBytes, FoundEnvelope } from '../snapshot-origin.ts';
import type { LoadedSnapshot } from '../snapshot-source.ts';
import { InlineReader } from './inline-reader.ts';
import type { SnapshotReader } from './snapshot-reader.ts';
import { ThreadReader } from './thread-reader.ts';

/** Smaller ones take a few milliseconds, less than a thread takes to start. */
const THREAD_FROM_BYTES = 512 * 1024;

/** Reads small snapshots at once, and large ones in a thread of their own, of which requests notice nothing. */
export function createSnapshotReader(
  keys: Pick<DerivedKeys, 'snapshotKey'>,
  threadFrom = THREAD_FROM_BYTES,
): SnapshotReader {
  return new ReaderBySize({ small: new InlineReader(keys), large: new ThreadReader(keys), threadFrom });
}

interface Readers {
  readonly small: SnapshotReader;
  readonly large: SnapshotReader;
  /** Bytes from which on a snapshot is large. */
  readonly threadFrom: number;
}

class ReaderBySize implements SnapshotReader {
  readonly #readers: Readers;

  constructor(readers: Readers) {
    this.#readers = readers;
  }

  fetch(redisUrl: string, length: number): Promise<FoundEnvelope | null> | undefined {
    const { large, threadFrom } = this.#readers;
    return length < threadFrom ? undefined : large.fetch(redisUrl, length);
  }

  read(bytes: EnvelopeBytes, origin: LoadedSnapshot['origin']): Promise<LoadedSnapshot> {
    const { small, large, threadFrom } = this.#readers;
    const isSmall = Buffer.isBuffer(bytes) && bytes.length < threadFrom;
    const [chosen, other] = isSmall ? [small, large] : [large, small];
    other.close();
    return chosen.read(bytes, origin);
  }

  saveHeld(file: string): Promise<void> {
    return this.#readers.large.saveHeld(file);
  }

  close(): void {
    this.#readers.small.close();
    this.#readers.large.close();
  }
}
