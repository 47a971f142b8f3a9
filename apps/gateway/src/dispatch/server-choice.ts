import type { CompiledProvider, CompiledServer } from '../config/compiled-config.ts';
import { type AttemptVerdict, tellBreaker } from './tell-breaker.ts';

/** The servers that one request asks of providers that have several: by weight, each once, those that fail after the others. */
export class ServerChoice {
  readonly #random: () => number;
  #tried: Set<CompiledServer> | null = null;
  #current: CompiledServer | null = null;

  /** `random`: from 0 up to 1, exclusive. */
  constructor(random: () => number) {
    this.#random = random;
  }

  /** The one that is asked now; null: its provider has only one. */
  get current(): CompiledServer | null {
    return this.#current;
  }

  choose({ servers }: CompiledProvider, now: number): void {
    this.#current = servers && this.#pick(servers, now);
    if (this.#current) (this.#tried ??= new Set()).add(this.#current);
  }

  /** Whether the provider has another server that may be asked. */
  hasAnother({ servers }: CompiledProvider, now: number): boolean {
    return servers?.some((server) => !this.#tried?.has(server) && server.breaker.state(now) !== 'open') ?? false;
  }

  tell(verdict: AttemptVerdict, now: number): void {
    tellBreaker(this.#current?.breaker, verdict, now);
  }

  /** Where none may be asked one is asked all the same: the provider's own circuit breaker says when not even that makes sense. */
  #pick(servers: readonly CompiledServer[], now: number): CompiledServer | null {
    const left = servers.filter((server) => !this.#tried?.has(server));
    const order = this.#weighted(left.length > 0 ? left : servers);
    return order.find(({ breaker }) => breaker.admit(now)) ?? order[0] ?? null;
  }

  #weighted(servers: readonly CompiledServer[]): readonly CompiledServer[] {
    const left = [...servers];
    const order: CompiledServer[] = [];
    while (left.length > 0) {
      let point = this.#random() * left.reduce((sum, { weight }) => sum + weight, 0);
      const found = left.findIndex(({ weight }) => (point -= weight) < 0);
      order.push(...left.splice(Math.max(0, found), 1));
    }
    return order;
  }
}
