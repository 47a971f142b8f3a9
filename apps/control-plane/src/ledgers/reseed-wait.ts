import type { Logger } from '@penstock/telemetry';
import { type GatewayStanding, GatewayWatch } from './gateway-watch.ts';
import type { ReseedSigns } from './reseed-signs.ts';

/** Time, which a test may make. */
export interface ReseedClock {
  /** Milliseconds; never goes back. */
  now(): number;
  sleep(ms: number): Promise<void>;
}

export interface ReseedWaitOptions {
  readonly signs: ReseedSigns;
  readonly clock: ReseedClock;
  readonly logger: Logger;
  /** How long gateways may take to come back that nobody knows of; see {@link ReseedWait.arrival}. */
  readonly arrivalMs?: number;
}

/** More than two intervals of heartbeats with their jitter, and than a gateway takes to connect again. */
const ARRIVAL_MS = 8_000;
const LOOK_EVERY_MS = 100;
const TELL_EVERY_MS = 5_000;
const MAX_TOLD = 20;

/** Waits until nothing is missing in the usage events that was spent before Redis lost its data. */
export class ReseedWait {
  readonly #options: ReseedWaitOptions;
  readonly #watch = new GatewayWatch();
  readonly #startedAtMs: number;
  readonly #toldLost = new Set<string>();
  #toldAtMs: number;

  /** To be made when the loss is noticed. */
  constructor(options: ReseedWaitOptions) {
    this.#options = options;
    this.#startedAtMs = this.#toldAtMs = options.clock.now();
  }

  /**
   * Resolves when every gateway had the time to be heard of: one that started just before the loss may be known neither to Redis
   * nor to Postgres. Calls already, so that gateways answer the next call at once.
   */
  async arrival(token: string): Promise<void> {
    const { signs, clock, arrivalMs = ARRIVAL_MS } = this.#options;
    this.#watch.expect(await signs.knownGateways(), clock.now());
    await signs.call(token);
    while (clock.now() < this.#startedAtMs + arrivalMs) {
      await this.#look(token);
      await clock.sleep(LOOK_EVERY_MS);
    }
  }

  /**
   * Resolves when all usage that was recorded before this call is committed, and Redis holds again what running requests hold;
   * never gives up on a gateway that lives. False: Redis has lost its data again, or another worker does this.
   */
  async usage(token: string): Promise<boolean> {
    const { signs, clock } = this.#options;
    await signs.call(token);
    for (;;) {
      if (!(await signs.keepCalling(token))) return false;
      if ((await this.#look(token)).awaited.length === 0) break;
      await clock.sleep(LOOK_EVERY_MS);
    }
    // What gateways have shipped that are gone by now.
    const end = await signs.streamEnd();
    while (end !== null && !(await signs.isCommitted(end))) {
      if (!(await signs.keepCalling(token))) return false;
      this.#tell({ stream: end });
      await clock.sleep(LOOK_EVERY_MS);
    }
    return signs.keepCalling(token);
  }

  async #look(token: string): Promise<GatewayStanding> {
    const { signs, clock } = this.#options;
    this.#watch.hear(await signs.heartbeats(), clock.now());
    const standing = this.#watch.standing(token, clock.now());
    this.#tellLost(standing.lost);
    this.#tell({ gateways: standing.awaited.slice(0, MAX_TOLD) });
    return standing;
  }

  #tellLost(lost: readonly string[]): void {
    for (const gateway of lost.filter((id) => !this.#toldLost.has(id))) {
      this.#toldLost.add(gateway);
      const text =
        'Ledgers are written back without a gateway that is lost: what it has not told counts when its spool is adopted';
      this.#options.logger.warn({ gateway }, text);
    }
  }

  #tell(awaited: object): void {
    const nowMs = this.#options.clock.now();
    if (nowMs < this.#toldAtMs + TELL_EVERY_MS) return;
    this.#toldAtMs = nowMs;
    const waitedMs = Math.round(nowMs - this.#startedAtMs);
    this.#options.logger.info({ ...awaited, waitedMs }, 'Usage is waited for before ledgers are written back');
  }
}
