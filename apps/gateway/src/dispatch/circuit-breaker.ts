export type CircuitState = 'closed' | 'half-open' | 'open';

const CONSECUTIVE_FAILURES = 5;
const WINDOW_MS = 30_000;
const MIN_WINDOW_CALLS = 20;
const MAX_FAILURE_SHARE = 0.5;
const FIRST_OPEN_MS = 10_000;
const MAX_OPEN_MS = 120_000;

export interface CircuitBreakerOptions {
  /** Failures in a row that open it; 5 unless told otherwise. 0: it never opens. */
  readonly consecutiveFailures?: number;
  /** How long it is open the first time; 10 s unless told otherwise. */
  readonly openMs?: number;
}

/**
 * Keeps requests away from a target that fails. It opens after 5 failures in a row, or when half of at least 20 calls within
 * 30 s failed; for 10 s the first time, twice as long each further time up to 2 minutes. Then one request at a time probes.
 * `now` is of the monotonic clock, milliseconds.
 */
export class CircuitBreaker {
  readonly #consecutiveFailures: number;
  readonly #openMs: number;
  #failuresInRow = 0;
  #calls = 0;
  #failures = 0;
  #windowEndsAt = 0;
  #openUntil = 0;
  /** How often it opened without a success in between. */
  #openings = 0;
  #probing = false;
  /** The upstream asked to be left alone until then. */
  #coolingUntil = 0;

  constructor(options: CircuitBreakerOptions = {}) {
    this.#consecutiveFailures = options.consecutiveFailures ?? CONSECUTIVE_FAILURES;
    this.#openMs = options.openMs ?? FIRST_OPEN_MS;
  }

  state(now: number): CircuitState {
    if (this.#openings === 0) return 'closed';
    return now < this.#openUntil ? 'open' : 'half-open';
  }

  /** Whether a request may be sent. After true, exactly one of `succeeded`, `failed` and `passed` must follow. */
  admit(now: number): boolean {
    if (this.#openings === 0) return true;
    if (now < this.#openUntil || this.#probing) return false;
    this.#probing = true;
    return true;
  }

  succeeded(now: number): void {
    this.#failuresInRow = 0;
    this.#close();
    this.#count(now, 0);
  }

  failed(now: number): void {
    this.#failuresInRow += 1;
    this.#count(now, 1);
    if (this.#probing || this.#isTooMuch()) this.#open(now);
  }

  /** The request says nothing about the target: the caller left. */
  passed(): void {
    this.#probing = false;
  }

  /** The target refused one request, but it is alive. */
  answered(): void {
    this.#close();
  }

  coolDown(now: number, cooldownMs: number): void {
    this.#coolingUntil = Math.max(this.#coolingUntil, now + cooldownMs);
  }

  isCooling(now: number): boolean {
    return now < this.#coolingUntil;
  }

  /** Until the next probe may be sent; 0 when a request may be sent now. */
  retryAfterMs(now: number): number {
    if (this.#openings === 0) return 0;
    return this.#probing ? 1000 : Math.max(0, this.#openUntil - now);
  }

  #close(): void {
    if (this.#openings === 0) return;
    this.#openings = 0;
    this.#probing = false;
    this.#calls = 0;
    this.#failures = 0;
  }

  #open(now: number): void {
    this.#openUntil = now + Math.min(MAX_OPEN_MS, this.#openMs * 2 ** this.#openings);
    this.#openings += 1;
    this.#probing = false;
    this.#failuresInRow = 0;
    this.#calls = 0;
    this.#failures = 0;
  }

  #count(now: number, failures: number): void {
    if (now >= this.#windowEndsAt) {
      this.#windowEndsAt = now + WINDOW_MS;
      this.#calls = 0;
      this.#failures = 0;
    }
    this.#calls += 1;
    this.#failures += failures;
  }

  #isTooMuch(): boolean {
    if (this.#consecutiveFailures === 0) return false;
    if (this.#failuresInRow >= this.#consecutiveFailures) return true;
    return this.#calls >= MIN_WINDOW_CALLS && this.#failures >= this.#calls * MAX_FAILURE_SHARE;
  }
}
