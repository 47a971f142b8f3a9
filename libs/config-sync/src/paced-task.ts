import type { Clock } from './clock.ts';

const MIN_GAP_MS = 50;
const MAX_GAP_MS = 1_000;
/** A task may take this part of the time when it is asked for without end. */
const SHARE = 0.1;

/**
 * Runs a task when it is asked for: never twice at a time, at once when it has rested, and else after a gap. The gap is nine
 * times what the last run took, 50 ms to 1 s: a storm of requests costs a tenth of the process at most, yet several small
 * changes in a row all take effect quickly. Requests that come during a run or a gap are answered by one more run.
 */
export class PacedTask {
  readonly #task: () => Promise<void>;
  readonly #clock: Clock;
  #running: Promise<void> | undefined;
  #askedAgain = false;
  #timer: NodeJS.Timeout | undefined;
  #restUntil = -Infinity;
  #stopped = false;

  /** `task` must not reject. */
  constructor(task: () => Promise<void>, clock: Clock) {
    this.#task = task;
    this.#clock = clock;
  }

  /** Asks for a run; returns at once. */
  request(): void {
    if (this.#stopped || this.#timer) return;
    if (this.#running) {
      this.#askedAgain = true;
      return;
    }
    const waitMs = Math.min(this.#restUntil - this.#clock.now(), MAX_GAP_MS);
    if (waitMs <= 0) void this.runNow();
    else this.#timer = setTimeout(() => void this.runNow(), waitMs).unref();
  }

  /** Runs without regard to the gap, or joins the run that is under way. */
  runNow(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#running ??= this.#run();
    return this.#running;
  }

  /** No run begins after this. */
  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  async #run(): Promise<void> {
    const startedAt = this.#clock.now();
    await this.#task();
    const endedAt = this.#clock.now();
    const gapMs = (endedAt - startedAt) * (1 / SHARE - 1);
    this.#restUntil = endedAt + Math.min(Math.max(gapMs, MIN_GAP_MS), MAX_GAP_MS);
    this.#running = undefined;
    if (!this.#askedAgain) return;
    this.#askedAgain = false;
    this.request();
  }
}
