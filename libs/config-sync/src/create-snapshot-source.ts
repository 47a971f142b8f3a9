import type { DerivedKeys } from '@penstock/secrets';
import type { Redis } from 'ioredis';
import { type Clock, systemClock } from './clock.ts';
import { DoorbellListener } from './doorbell.ts';
import { HttpOrigin } from './http-origin.ts';
import { messageOf } from './message-of.ts';
import { PacedTask } from './paced-task.ts';
import { createRedisConnection, type RedisConnection } from './redis-connection.ts';
import { createSnapshotReader } from './reading/create-snapshot-reader.ts';
import type { SnapshotReader } from './reading/snapshot-reader.ts';
import { RedisOrigin } from './redis-origin.ts';
import { SnapshotFile } from './snapshot-file.ts';
import { SnapshotFollower } from './snapshot-follower.ts';
import type { SnapshotOrigin } from './snapshot-origin.ts';
import type { LoadedSnapshot, SnapshotSource, SnapshotSourceEvents } from './snapshot-source.ts';

export interface SnapshotSourceOptions {
  /** The first source; without it only HTTP and the file are used. */
  readonly redis?: RedisConnection | undefined;
  /** The second source: the control plane's base URL, and the token it asks for. */
  readonly httpUrl?: string | undefined;
  readonly httpToken?: string | undefined;
  /** Where the last known good snapshot is kept; used at a start at which neither source has one. */
  readonly file?: string | undefined;
  readonly keys: Pick<DerivedKeys, 'snapshotKey'>;
  readonly events: SnapshotSourceEvents;
  readonly clock?: Clock;
  /** How often to look without being told, ± 20 %; 10 s unless told otherwise. */
  readonly pollIntervalMs?: number;
  /** Numbers from 0 to 1, which keep a fleet from acting in one instant. */
  readonly jitter?: () => number;
}

/** How long the start waits for Redis before it goes on to the next source; Redis may still appear later. */
const FIRST_CONNECTION_MS = 2_500;

/**
 * Makes the source of a gateway's config: Redis first, then HTTP, then the file. It follows the doorbell, looks again at every
 * (re)connection and every ten seconds, and never throws because something is away.
 */
export function createSnapshotSource(options: SnapshotSourceOptions): SnapshotSource {
  return new FollowingSnapshotSource(options);
}

class FollowingSnapshotSource implements SnapshotSource {
  readonly #reader: SnapshotReader;
  readonly #follower: SnapshotFollower;
  readonly #look: PacedTask;
  readonly #redis: Redis | undefined;
  readonly #doorbell: DoorbellListener | undefined;
  readonly #pollIntervalMs: number;
  readonly #jitter: () => number;
  #pollTimer: NodeJS.Timeout | undefined;

  constructor(options: SnapshotSourceOptions) {
    const clock = options.clock ?? systemClock;
    this.#jitter = options.jitter ?? Math.random;
    this.#pollIntervalMs = options.pollIntervalMs ?? 10_000;
    this.#reader = createSnapshotReader(options.keys);
    const origins: SnapshotOrigin[] = [];
    if (options.redis !== undefined) {
      this.#redis = createRedisConnection(options.redis, this.#jitter);
      const { redis } = options;
      const fetchAside = typeof redis === 'string' ? (length: number) => this.#reader.fetch(redis, length) : undefined;
      origins.push(new RedisOrigin(this.#redis, fetchAside));
      this.#doorbell = this.#listen(createRedisConnection(options.redis, this.#jitter), options.events);
    }
    if (options.httpUrl !== undefined) origins.push(new HttpOrigin(options.httpUrl, options.httpToken));
    const file = options.file === undefined ? undefined : new SnapshotFile(options.file);
    this.#follower = new SnapshotFollower(origins, { reader: this.#reader, events: options.events, clock, file });
    this.#look = new PacedTask(() => this.#follower.look(), clock);
  }

  current(): LoadedSnapshot | undefined {
    return this.#follower.current;
  }

  stalenessMs(): number {
    return this.#follower.stalenessMs;
  }

  async start(signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    signal.addEventListener('abort', () => this.#stop(), { once: true });
    await this.#connect();
    if (signal.aborted) return;
    await this.#look.runNow();
    if (signal.aborted) return;
    this.#doorbell?.start();
    this.#schedulePoll();
  }

  /** Waits for the first connection, but not for ever; the driver goes on trying. */
  async #connect(): Promise<void> {
    const redis = this.#redis;
    if (!redis) return;
    // A look while Redis is away reports it; its return is followed by a look.
    redis.on('error', () => undefined);
    const connected = redis.connect().catch(() => undefined);
    const { promise: waited, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, FIRST_CONNECTION_MS);
    await Promise.race([connected, waited]);
    clearTimeout(timer);
    redis.on('ready', () => this.#look.request());
  }

  #listen(redis: Redis, events: SnapshotSourceEvents): DoorbellListener {
    return new DoorbellListener(
      redis,
      (doorbell) => {
        if (!doorbell || !this.#follower.knows(doorbell)) this.#look.request();
      },
      (error) => events.onFault?.({ origin: 'doorbell', reason: messageOf(error) }),
    );
  }

  #schedulePoll(): void {
    const waitMs = this.#pollIntervalMs * (0.8 + 0.4 * this.#jitter());
    this.#pollTimer = setTimeout(() => {
      this.#look.request();
      this.#doorbell?.verify();
      this.#schedulePoll();
    }, waitMs).unref();
  }

  #stop(): void {
    clearTimeout(this.#pollTimer);
    this.#look.stop();
    this.#doorbell?.stop();
    this.#reader.close();
    this.#redis?.disconnect();
  }
}
