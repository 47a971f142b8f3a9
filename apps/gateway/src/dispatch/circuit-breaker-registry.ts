import type { CircuitBreakerOptions } from './circuit-breaker.ts';
import { CircuitBreakers } from './circuit-breakers.ts';

/** The circuit breakers of all providers; what is known of a provider's health survives a new config. */
export class CircuitBreakerRegistry {
  readonly #options: CircuitBreakerOptions;
  #byProvider = new Map<string, CircuitBreakers>();

  constructor(options: CircuitBreakerOptions = {}) {
    this.#options = options;
  }

  /** The breakers for these providers; those of others are forgotten. */
  replace(providerIds: ReadonlySet<string>): ReadonlyMap<string, CircuitBreakers> {
    this.#byProvider = new Map(
      [...providerIds].map((id) => [id, this.#byProvider.get(id) ?? new CircuitBreakers(this.#options)]),
    );
    return this.#byProvider;
  }
}
