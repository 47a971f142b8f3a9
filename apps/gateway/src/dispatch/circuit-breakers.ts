import { CircuitBreaker, type CircuitBreakerOptions, type CircuitState } from './circuit-breaker.ts';

/** More models than this of one provider share a breaker: callers of an open provider choose the names. */
const MAX_MODELS = 1000;
const SHARED = '\u0000shared';
const ORDER: readonly CircuitState[] = ['closed', 'half-open', 'open'];

/** The circuit breakers of one provider, one for each model. They outlive snapshots. */
export class CircuitBreakers {
  readonly #options: CircuitBreakerOptions;
  readonly #byModel = new Map<string, CircuitBreaker>();

  constructor(options: CircuitBreakerOptions = {}) {
    this.#options = options;
  }

  of(model: string): CircuitBreaker {
    const present = this.#byModel.get(model);
    if (present) return present;
    const name = this.#byModel.size < MAX_MODELS ? model : SHARED;
    let breaker = this.#byModel.get(name);
    if (!breaker) this.#byModel.set(name, (breaker = new CircuitBreaker(this.#options)));
    return breaker;
  }

  /** The worst state of any model. */
  worst(now: number): CircuitState {
    let worst = 0;
    for (const breaker of this.#byModel.values()) worst = Math.max(worst, ORDER.indexOf(breaker.state(now)));
    return ORDER[worst] ?? 'closed';
  }

  /** Whether some model may be asked: one that is broken says nothing about the others. */
  isUsable(now: number): boolean {
    for (const breaker of this.#byModel.values()) if (breaker.state(now) !== 'open') return true;
    return this.#byModel.size === 0;
  }
}
