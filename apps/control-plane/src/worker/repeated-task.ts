/** Runs a task again and again, never twice at once; a failure is told and the task tried again at its next turn. */
export class RepeatedTask {
  readonly #run: () => Promise<void>;
  readonly #everyMs: number;
  readonly #onError: (error: unknown) => void;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();
  #stopped = true;

  constructor(everyMs: number, run: () => Promise<void>, onError: (error: unknown) => void) {
    this.#everyMs = everyMs;
    this.#run = run;
    this.#onError = onError;
  }

  /** The first run begins at once. */
  start(): void {
    this.#stopped = false;
    this.#turn();
  }

  /** Resolves when the run that is under way has ended. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#running;
  }

  #turn(): void {
    this.#running = this.#run()
      .catch((error: unknown) => this.#onError(error))
      .then(() => {
        if (!this.#stopped) this.#timer = setTimeout(() => this.#turn(), this.#everyMs);
      });
  }
}
