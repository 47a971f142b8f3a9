import { Redis } from 'ioredis';

export interface SettlementRepeaterOptions {
  readonly redisUrl: string;
  /** Of all settlements, how many are sent once more. */
  readonly share: number;
  readonly random: () => number;
  /** They come up to so much later, ms. */
  readonly withinMs: number;
}

const RESERVATION = ':reservation:{';

/**
 * Sends some settlements to Redis once more, byte for byte, as a gateway does that got no answer to the first. It listens to
 * what Redis is told: the first script that names a reservation makes it, and another script that names it settles it.
 */
export class SettlementRepeater {
  readonly #options: SettlementRepeaterOptions;
  readonly #redis: Redis;
  readonly #made = new Map<string, string>();
  readonly #sending = new Set<Promise<unknown>>();
  readonly #timers = new Set<NodeJS.Timeout>();
  #monitor: Redis | undefined;
  settlements = 0;
  repeated = 0;

  constructor(options: SettlementRepeaterOptions) {
    this.#options = options;
    this.#redis = new Redis(options.redisUrl);
  }

  async start(): Promise<void> {
    this.#monitor = await this.#redis.monitor();
    this.#monitor.on('monitor', (_time: string, call: string[], source: string) => {
      if (source !== 'lua') this.#hear(call);
    });
  }

  /** Resolves when the last one was answered. */
  async stop(): Promise<void> {
    this.#monitor?.disconnect();
    for (const timer of this.#timers) clearTimeout(timer);
    await Promise.all(this.#sending);
    this.#redis.disconnect();
  }

  #hear(call: readonly string[]): void {
    const [command, sha = '', , reservation = ''] = call;
    if (command?.toLowerCase() !== 'evalsha' || !reservation.includes(RESERVATION)) return;
    const maker = this.#made.get(reservation);
    if (maker === undefined) this.#made.set(reservation, sha);
    if (maker === undefined || maker === sha) return;
    this.#made.delete(reservation);
    this.settlements += 1;
    if (this.#options.random() < this.#options.share) this.#repeatLater(call.slice(1));
  }

  #repeatLater(parameters: readonly string[]): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      const sent = this.#redis.call('EVALSHA', ...parameters).finally(() => this.#sending.delete(sent));
      this.#sending.add(sent);
      this.repeated += 1;
    }, this.#options.random() * this.#options.withinMs);
    this.#timers.add(timer);
  }
}
