import type { ConfigSnapshot } from '@penstock/contracts';
import type { DerivedKeys } from '@penstock/secrets';
import { SnapshotRefusedError } from '../open-envelope.ts';
import type { EnvelopeBytes, FoundEnvelope } from '../snapshot-origin.ts';
import type { LoadedSnapshot } from '../snapshot-source.ts';
import type { EntityList } from '../split-body.ts';
import { ReadingThread, ReadingThreadEndedError } from './reading-thread-handle.ts';
import type { SnapshotReader } from './snapshot-reader.ts';
import type { ReadAnswer, ThreadAnswer } from './thread-messages.ts';

const HELD = 'held by the reading thread' satisfies EnvelopeBytes;

type Lists = Partial<Record<EntityList, readonly object[]>>;

/**
 * Reads in a thread of its own, which is started with the first snapshot: its text, and what is thrown away while it is verified
 * and parsed, never come into the memory of this thread, whose garbage collector would stop requests. What is new comes over in
 * small portions.
 */
export class ThreadReader implements SnapshotReader {
  readonly #keys: Pick<DerivedKeys, 'snapshotKey'>;
  #thread: ReadingThread | undefined;
  /** The thread that has fetched a snapshot. */
  #holder: ReadingThread | undefined;
  /** Of the snapshot that the thread remembers. */
  #lists: Lists = {};

  constructor(keys: Pick<DerivedKeys, 'snapshotKey'>) {
    this.#keys = keys;
  }

  async fetch(redisUrl: string): Promise<FoundEnvelope | null> {
    const thread = this.#running();
    const answer = await thread.ask({ ask: 'fetch', redisUrl });
    this.#holder = thread;
    if (answer.is === 'absent') return null;
    if (answer.is !== 'fetched') throw unexpected(answer);
    return { bytes: HELD, version: answer.version };
  }

  async saveHeld(file: string): Promise<void> {
    const answer = await this.#running().ask({ ask: 'save', file });
    if (answer.is !== 'saved') throw unexpected(answer);
  }

  async read(bytes: EnvelopeBytes, origin: LoadedSnapshot['origin']): Promise<LoadedSnapshot> {
    const thread = this.#running();
    if (bytes === HELD && thread !== this.#holder) {
      throw new ReadingThreadEndedError('the thread that held the snapshot has ended');
    }
    try {
      const answer = await thread.ask({ ask: 'read', bytes: bytes === HELD ? null : bytes, origin });
      if (answer.is === 'refused') throw new SnapshotRefusedError(answer.revision, answer.reason);
      if (answer.is !== 'read') throw unexpected(answer);
      const { checksum, quarantined } = answer;
      return { snapshot: await this.#assemble(thread, answer), checksum, origin, quarantined };
    } catch (error) {
      // Nobody knows any more what the thread remembers.
      if (!(error instanceof SnapshotRefusedError)) this.close();
      throw error;
    }
  }

  close(): void {
    this.#thread?.end();
    this.#thread = undefined;
    this.#holder = undefined;
    this.#lists = {};
  }

  #running(): ReadingThread {
    if (this.#thread?.ended) this.close();
    return (this.#thread ??= new ReadingThread(this.#keys));
  }

  async #assemble(thread: ReadingThread, { frame, places }: ReadAnswer): Promise<ConfigSnapshot> {
    const fresh = await allEntities(thread);
    const lists: Lists = {};
    let taken = 0;
    for (const [list, before] of Object.entries(places) as [EntityList, Int32Array][]) {
      const known = this.#lists[list] ?? [];
      lists[list] = Array.from(before, (place) => {
        const entity = place < 0 ? fresh[taken] : known[place];
        if (place < 0) taken += 1;
        if (!entity) throw new Error(`the reading thread told of an entity of ${list} that is not there`);
        return entity;
      });
    }
    this.#lists = lists;
    // What the thread read has passed the schemas there.
    return { ...frame, ...lists } as ConfigSnapshot;
  }
}

async function allEntities(thread: ReadingThread): Promise<readonly object[]> {
  const portions: object[][] = [];
  for (let more = true; more;) {
    const answer = await thread.ask({ ask: 'entities' });
    if (answer.is !== 'entities') throw unexpected(answer);
    portions.push(JSON.parse(answer.json) as object[]);
    ({ more } = answer);
  }
  return portions.flat();
}

function unexpected(answer: ThreadAnswer): Error {
  return new Error(answer.is === 'failed' ? answer.reason : `the reading thread answered with ${answer.is}`);
}
