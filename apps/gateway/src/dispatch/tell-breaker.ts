import type { UpstreamFailure } from '../upstream/upstream-failure.ts';
import type { CircuitBreaker } from './circuit-breaker.ts';

/** How an attempt went, for a circuit breaker. */
export type AttemptVerdict = UpstreamFailure['target'] | 'succeeded';

/** `now` on the monotonic clock. */
export function tellBreaker(breaker: CircuitBreaker | null | undefined, verdict: AttemptVerdict, now: number): void {
  if (verdict === 'succeeded') breaker?.succeeded(now);
  else if (verdict === 'failed') breaker?.failed(now);
  else if (verdict === 'alive') breaker?.answered();
  else breaker?.passed();
}
