import { type GatewayHeartbeat, redisNames } from '@penstock/contracts';
import type { Redis } from 'ioredis';
import { type Clock, systemClock } from './clock.ts';

/** An instance that has not been heard of for this long counts as gone. */
export const HEARTBEAT_EXPIRY_MS = 15_000;

/** Scores by Redis' own clock, so that instances with wrong clocks do not bury each other; returns how many live. */
const REGISTER_SCRIPT = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZADD', KEYS[1], now, ARGV[1])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - tonumber(ARGV[2]))
return redis.call('ZCARD', KEYS[1])`;

/** While ledgers are written back, budgets wait for the instances' answers. */
const HURRIED_INTERVAL_MS = 300;

/** What an instance says of itself; when it was sent is added. */
export type InstanceState = Omit<GatewayHeartbeat, 'sentAt'>;

export interface HeartbeatReporterOptions {
  /** Undefined when the gateway runs without Redis. A connection as `createRedisConnection` makes it, already connecting. */
  readonly redis: Redis | undefined;
  readonly instanceId: string;
  readonly describe: () => InstanceState;
  /** Told with each heartbeat: a worker writes ledgers back, in the attempt of this name; null when none does. */
  readonly onLedgerReseed?: (token: string | null) => void;
  readonly clock?: Clock;
  /** 3 s unless told otherwise; ± 20 %. */
  readonly intervalMs?: number;
  readonly jitter?: () => number;
  /** For the log. */
  readonly onFault?: (error: unknown) => void;
}

/** Tells the control plane and the other instances that this one lives and which revision it applies. Never throws. */
export class HeartbeatReporter {
  readonly #options: HeartbeatReporterOptions;
  #timer: NodeJS.Timeout | undefined;
  #stopped = true;
  #beating: Promise<void> | undefined;
  #askedAgain = false;
  #live = 1;
  #hurried = false;

  constructor(options: HeartbeatReporterOptions) {
    this.#options = options;
  }

  /** Reports now and then every few seconds. */
  start(): void {
    if (!this.#stopped) return;
    this.#stopped = false;
    void this.beat();
    this.#schedule();
  }

  /** Reports now, as after an applied or refused revision; resolves when it is done, whether it worked or not. */
  beat(): Promise<void> {
    if (this.#beating) this.#askedAgain = true;
    this.#beating ??= this.#beatUntilCurrent();
    return this.#beating;
  }

  /** How many instances live, this one included: at least 1, and the last number known while Redis is away. */
  liveInstances(): number {
    return this.#live;
  }

  /** Stops reporting and signs off, so that the others count on one less at once. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#beating;
    const { redis, instanceId } = this.#options;
    try {
      await Promise.all([
        redis?.del(redisNames.gatewayHeartbeat(instanceId)),
        redis?.zrem(redisNames.gatewayInstances, instanceId),
      ]);
    } catch (error) {
      this.#options.onFault?.(error);
    }
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    if (this.#stopped) return;
    const { intervalMs = 3_000, jitter = Math.random } = this.#options;
    const usualMs = this.#hurried ? Math.min(intervalMs, HURRIED_INTERVAL_MS) : intervalMs;
    this.#timer = setTimeout(
      () => {
        void this.beat();
        this.#schedule();
      },
      usualMs * (0.8 + 0.4 * jitter()),
    ).unref();
  }

  async #beatUntilCurrent(): Promise<void> {
    do {
      this.#askedAgain = false;
      await this.#send();
    } while (this.#askedAgain && !this.#stopped);
    this.#beating = undefined;
  }

  #noteReseed(token: string | null): void {
    const hurried = token !== null;
    if (hurried !== this.#hurried) {
      this.#hurried = hurried;
      this.#schedule();
    }
    this.#options.onLedgerReseed?.(token);
  }

  async #send(): Promise<void> {
    const { redis, instanceId, describe, clock = systemClock } = this.#options;
    if (!redis) return;
    try {
      const heartbeat = boundedHeartbeat(describe(), clock);
      const [, live, reseed] = await Promise.all([
        redis.set(redisNames.gatewayHeartbeat(instanceId), JSON.stringify(heartbeat), 'PX', HEARTBEAT_EXPIRY_MS),
        redis.eval(REGISTER_SCRIPT, 1, redisNames.gatewayInstances, instanceId, String(HEARTBEAT_EXPIRY_MS)),
        redis.get(redisNames.ledgerReseed),
      ]);
      this.#live = Math.max(1, Number(live));
      this.#noteReseed(reseed);
    } catch (error) {
      this.#options.onFault?.(error);
    }
  }
}

/** A reader drops a heartbeat that is beyond the contract's bounds, and the instance would seem dead. */
function boundedHeartbeat(state: InstanceState, clock: Clock): GatewayHeartbeat {
  const { refusal, quarantined } = state;
  return {
    ...state,
    refusal: refusal && { ...refusal, reason: refusal.reason.slice(0, 2000) },
    quarantined: quarantined.slice(0, 100),
    sentAt: new Date(clock.now()).toISOString(),
  };
}
