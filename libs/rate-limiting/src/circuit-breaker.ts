export interface CircuitBreakerOptions {
  /** Failures in a row that open the circuit. */
  readonly threshold: number;
  /** Asks whether the other side is well again; rejects when it is not. */
  readonly probe: () => Promise<unknown>;
  readonly onChange: (open: boolean) => void;
  /** 0 ≤ random < 1; spreads the probes of many processes. */
  readonly random: () => number;
}

const FIRST_PROBE_MS = 250;
const LAST_PROBE_MS = 2_000;

/**
 * Closed: calls are made. Open after `threshold` failures in a row: no call is made, so that no request waits for a lost server.
 * While open it probes in the background, after 250 ms at first and 2 s at most, each ± 50 %, and closes with the first success.
 */
export class CircuitBreaker {
  readonly #options: CircuitBreakerOptions;
  #failures = 0;
  #open = false;
  #stopped = false;
  #timer: NodeJS.Timeout | undefined;
  #waitMs = FIRST_PROBE_MS;

  constructor(options: CircuitBreakerOptions) {
    this.#options = options;
  }

  get open(): boolean {
    return this.#open;
  }

  succeeded(): void {
    this.#failures = 0;
  }

  failed(): void {
    this.#failures += 1;
    if (this.#open || this.#failures < this.#options.threshold) return;
    this.#open = true;
    this.#waitMs = FIRST_PROBE_MS;
    this.#options.onChange(true);
    this.#schedule();
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  #schedule(): void {
    if (this.#stopped) return;
    const jitter = 0.5 + this.#options.random();
    this.#timer = setTimeout(() => void this.#probe(), this.#waitMs * jitter).unref();
    this.#waitMs = Math.min(this.#waitMs * 2, LAST_PROBE_MS);
  }

  async #probe(): Promise<void> {
    const well = await this.#options.probe().then(
      () => true,
      () => false,
    );
    if (this.#stopped) return;
    if (!well) {
      this.#schedule();
      return;
    }
    this.#failures = 0;
    this.#open = false;
    this.#options.onChange(false);
  }
}
