import { Worker } from 'node:worker_threads';
import type { DerivedKeys } from '@penstock/secrets';
import type { ThreadAnswer, ThreadData, ThreadQuestion } from './thread-messages.ts';

/** The thread ended before it had answered: that says nothing of what it was asked to read, which another one may be asked again. */
export class ReadingThreadEndedError extends Error {
  override readonly name = 'ReadingThreadEndedError';
}

/** The thread that runs `reading-thread.ts`, as the process sees it that asks it. */
export class ReadingThread {
  readonly #worker: Worker;
  #waiting: PromiseWithResolvers<ThreadAnswer> | undefined;
  #last: Promise<unknown> = Promise.resolve();
  #ended = false;

  constructor({ snapshotKey }: Pick<DerivedKeys, 'snapshotKey'>) {
    const workerData: ThreadData = { snapshotKey };
    // Not the options of this process: what is loaded into it beforehand is not meant for its threads.
    this.#worker = new Worker(new URL('reading-thread.ts', import.meta.url), { workerData, execArgv: [] });
    this.#worker.unref();
    this.#worker.on('message', (answer: ThreadAnswer) => this.#settle()?.resolve(answer));
    this.#worker.on('error', (cause) => {
      this.#settle()?.reject(new ReadingThreadEndedError('the reading thread failed', { cause }));
    });
    this.#worker.on('exit', (code) => {
      this.#ended = true;
      this.#settle()?.reject(new ReadingThreadEndedError(`the reading thread ended with ${code}`));
    });
  }

  /** It answers nothing any more. */
  get ended(): boolean {
    return this.#ended;
  }

  /** One question after the other. Rejects with {@link ReadingThreadEndedError} when it fails or ends before it answers. */
  ask(question: ThreadQuestion): Promise<ThreadAnswer> {
    const answer = this.#last.then(() => this.#send(question));
    this.#last = answer.catch(() => undefined);
    return answer;
  }

  #send(question: ThreadQuestion): Promise<ThreadAnswer> {
    if (this.#ended) return Promise.reject(new ReadingThreadEndedError('the reading thread has ended'));
    this.#waiting = Promise.withResolvers<ThreadAnswer>();
    // A process that does nothing else has to wait for it.
    this.#worker.ref();
    this.#worker.postMessage(question);
    return this.#waiting.promise;
  }

  end(): void {
    void this.#worker.terminate();
  }

  #settle(): PromiseWithResolvers<ThreadAnswer> | undefined {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    this.#worker.unref();
    return waiting;
  }
}
