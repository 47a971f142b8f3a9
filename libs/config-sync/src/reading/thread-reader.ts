import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { ConfigSnapshot } from '@penstock/contracts';
import type { DerivedKeys } from '@penstock/secrets';
import { SnapshotRefusedError } from '../open-envelope.ts';
import type { LoadedSnapshot } from '../snapshot-source.ts';
import type { EntityList } from '../split-body.ts';
import type { SnapshotReader } from './snapshot-reader.ts';
import type { ReadAnswer, ThreadAnswer, ThreadData, ThreadQuestion } from './thread-messages.ts';

type Lists = Partial<Record<EntityList, readonly object[]>>;

/**
 * Reads in a thread of its own, which is started with the first snapshot: its text, and what is thrown away while it is verified
 * and parsed, never come into the memory of this thread, whose garbage collector would stop requests. What is new comes over in
 * small portions.
 */
export class ThreadReader implements SnapshotReader {
  readonly #keys: Pick<DerivedKeys, 'snapshotKey'>;
  #thread: Worker | undefined;
  /** Of the snapshot that the thread remembers. */
  #lists: Lists = {};

  constructor(keys: Pick<DerivedKeys, 'snapshotKey'>) {
    this.#keys = keys;
  }

  async read(bytes: Buffer, origin: LoadedSnapshot['origin']): Promise<LoadedSnapshot> {
    const thread = (this.#thread ??= this.#start());
    // A process that does nothing else has to wait for it.
    thread.ref();
    try {
      const answer = await ask(thread, { ask: 'read', bytes, origin });
      if (answer.is === 'refused') throw new SnapshotRefusedError(answer.revision, answer.reason);
      if (answer.is !== 'read') throw unexpected(answer);
      const { checksum, quarantined } = answer;
      return { snapshot: await this.#assemble(thread, answer), checksum, origin, quarantined };
    } catch (error) {
      // Nobody knows any more what the thread remembers.
      if (!(error instanceof SnapshotRefusedError)) this.close();
      throw error;
    } finally {
      thread.unref();
    }
  }

  close(): void {
    void this.#thread?.terminate();
    this.#thread = undefined;
    this.#lists = {};
  }

  #start(): Worker {
    const workerData: ThreadData = { snapshotKey: this.#keys.snapshotKey };
    // Not the options of this process: what is loaded into it beforehand is not meant for its threads.
    const thread = new Worker(new URL('reading-thread.ts', import.meta.url), { workerData, execArgv: [] });
    // Who waits for an answer is told as well; the next one starts another thread.
    thread.on('error', () => this.#forget(thread));
    thread.on('exit', () => this.#forget(thread));
    return thread;
  }

  #forget(thread: Worker): void {
    if (this.#thread === thread) this.close();
  }

  async #assemble(thread: Worker, { frame, places }: ReadAnswer): Promise<ConfigSnapshot> {
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

async function allEntities(thread: Worker): Promise<readonly object[]> {
  const all: object[] = [];
  for (;;) {
    const answer = await ask(thread, { ask: 'entities' });
    if (answer.is !== 'entities') throw unexpected(answer);
    if (answer.entities.length === 0) return all;
    all.push(...answer.entities);
  }
}

/** Rejects when the thread ends before it answers. */
async function ask(thread: Worker, question: ThreadQuestion): Promise<ThreadAnswer> {
  const waiting = new AbortController();
  const ended = once(thread, 'exit', { signal: waiting.signal }).then(([code]) => {
    throw new Error(`the reading thread ended with ${code}`);
  });
  const answered = once(thread, 'message', { signal: waiting.signal });
  thread.postMessage(question);
  try {
    const [answer] = (await Promise.race([answered, ended])) as [ThreadAnswer];
    return answer;
  } finally {
    waiting.abort();
    await Promise.allSettled([answered, ended]);
  }
}

function unexpected(answer: ThreadAnswer): Error {
  return new Error(answer.is === 'failed' ? answer.reason : `the reading thread answered with ${answer.is}`);
}
