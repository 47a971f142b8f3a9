import type { Backoff } from './backoff.ts';

export interface WorkQueueOptions {
  /** Does the work of one key; throws when it has to be tried again. Must not throw for anything else. */
  readonly work: (key: string, signal: AbortSignal) => Promise<void>;
  /** So many keys at once, and never one key twice. */
  readonly concurrency: number;
  readonly backoff: Backoff;
  /** Told of each failure, and of how long it will take until the next attempt. */
  readonly onFailure: (key: string, error: unknown, delayMs: number) => void;
}

/**
 * Keys that want to be worked on. A key that is added while it waits is worked on once; one that is added while it is worked on is
 * worked on once more. What fails comes back after a while, the longer the more often it has failed.
 */
export class WorkQueue {
  readonly #options: WorkQueueOptions;
  readonly #waiting = new Set<string>();
  readonly #running = new Map<string, { again: boolean }>();
  readonly #failures = new Map<string, number>();
  readonly #timers = new Map<string, NodeJS.Timeout>();
  readonly #end = new AbortController();
  #idle: (() => void) | undefined;

  constructor(options: WorkQueueOptions) {
    this.#options = options;
  }

  get length(): number {
    return this.#waiting.size;
  }

  get running(): number {
    return this.#running.size;
  }

  /** Keys that wait for another attempt. */
  get retrying(): number {
    return this.#timers.size;
  }

  /** As soon as there is room, also when it waits for another attempt. */
  add(key: string): void {
    if (this.#end.signal.aborted) return;
    this.#disarm(key);
    const running = this.#running.get(key);
    if (running) {
      running.again = true;
      return;
    }
    this.#waiting.add(key);
    this.#start();
  }

  /** Takes nothing any more, tells what runs to end, and waits for it. */
  async stop(): Promise<void> {
    this.#end.abort();
    this.#waiting.clear();
    for (const key of this.#timers.keys()) this.#disarm(key);
    if (this.#running.size === 0) return;
    await new Promise<void>((resolve) => {
      this.#idle = resolve;
    });
  }

  #start(): void {
    for (const key of this.#waiting) {
      if (this.#running.size >= this.#options.concurrency) return;
      this.#waiting.delete(key);
      this.#running.set(key, { again: false });
      void this.#run(key);
    }
  }

  async #run(key: string): Promise<void> {
    try {
      await this.#options.work(key, this.#end.signal);
      this.#failures.delete(key);
    } catch (error) {
      this.#retry(key, error);
    }
    const again = this.#running.get(key)?.again ?? false;
    this.#running.delete(key);
    if (this.#end.signal.aborted) {
      if (this.#running.size === 0) this.#idle?.();
      return;
    }
    if (again) this.add(key);
    else this.#start();
  }

  #retry(key: string, error: unknown): void {
    if (this.#end.signal.aborted) return;
    const failures = (this.#failures.get(key) ?? 0) + 1;
    this.#failures.set(key, failures);
    const delayMs = this.#options.backoff.delay(failures);
    this.#timers.set(
      key,
      setTimeout(() => {
        this.#timers.delete(key);
        this.add(key);
      }, delayMs),
    );
    this.#options.onFailure(key, error, delayMs);
  }

  #disarm(key: string): void {
    clearTimeout(this.#timers.get(key));
    this.#timers.delete(key);
  }
}
