import { GatewayError } from '@penstock/contracts';
import type { RouteTarget } from '@penstock/routing';
import type { CompiledConfig, CompiledProvider } from '../config/compiled-config.ts';
import type { CircuitBreaker } from './circuit-breaker.ts';

/** A target that may be tried now. */
export interface AdmittedTarget {
  readonly target: RouteTarget;
  readonly provider: CompiledProvider;
  readonly breaker: CircuitBreaker;
}

/** The targets of one request, each to be tried once: those that cool down after the others, those that are open never. */
export class TargetQueue {
  readonly #config: CompiledConfig;
  #targets: readonly RouteTarget[];
  #next = 0;

  constructor(targets: readonly RouteTarget[], config: CompiledConfig) {
    this.#targets = targets;
    this.#config = config;
  }

  /** The next target that `mayTry` and its circuit breaker admit; the caller has to tell the breaker how it went. */
  next(now: number, mayTry?: (target: RouteTarget) => boolean): AdmittedTarget | undefined {
    if (this.#next === 0 && this.#targets.length > 1) this.#putCoolingLast(now);
    while (this.#next < this.#targets.length) {
      const target = this.#targets[this.#next];
      this.#next += 1;
      const provider = target && this.#config.providers.get(target.providerId);
      if (!target || !provider || mayTry?.(target) === false) continue;
      const breaker = provider.breakers.of(target.modelId);
      if (breaker.admit(now)) return { target, provider, breaker };
    }
    return undefined;
  }

  /** Why there is no target: when the first breaker lets a request through again. */
  noTarget(now: number): GatewayError {
    let retryAfterMs = Infinity;
    for (const target of this.#targets) {
      const breakers = this.#config.providers.get(target.providerId)?.breakers;
      retryAfterMs = Math.min(retryAfterMs, breakers?.of(target.modelId).retryAfterMs(now) ?? Infinity);
    }
    return new GatewayError('no_target_available', 'No provider for this model is available at the moment.', {
      retryAfterMs: Number.isFinite(retryAfterMs) ? retryAfterMs : 1000,
    });
  }

  #putCoolingLast(now: number): void {
    const isCooling = ({ providerId, modelId }: RouteTarget): boolean =>
      this.#config.providers.get(providerId)?.breakers.of(modelId).isCooling(now) ?? false;
    const cooling = this.#targets.filter(isCooling);
    if (cooling.length > 0) this.#targets = [...this.#targets.filter((target) => !isCooling(target)), ...cooling];
  }
}
