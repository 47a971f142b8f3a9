import { Doorbell, redisNames } from '@penstock/contracts';
import type { Redis } from 'ioredis';

/**
 * Listens on a connection of its own. A ring is only a hint: pub/sub loses messages without a sign, so that each new
 * subscription counts as a ring too, and `verify()` finds a connection that died silently.
 */
export class DoorbellListener {
  readonly #redis: Redis;
  readonly #onFault: (error: unknown) => void;

  /** `ring` gets what the message says, or undefined for a new subscription. */
  constructor(redis: Redis, ring: (doorbell: Doorbell | undefined) => void, onFault: (error: unknown) => void) {
    this.#redis = redis;
    this.#onFault = onFault;
    redis.on('error', onFault);
    redis.on('message', (_channel: string, message: string) => {
      const doorbell = parseDoorbell(message);
      if (doorbell) ring(doorbell);
    });
    redis.on('ready', () => {
      redis.subscribe(redisNames.doorbell).then(() => ring(undefined), onFault);
    });
  }

  /** Begins to listen, now or whenever Redis appears. */
  start(): void {
    this.#redis.connect().catch(this.#onFault);
  }

  /** Asks for a sign of life: a connection that gives none is replaced by the driver. */
  verify(): void {
    if (this.#redis.status === 'ready') this.#redis.ping().catch(this.#onFault);
  }

  stop(): void {
    this.#redis.disconnect();
  }
}

function parseDoorbell(message: string): Doorbell | undefined {
  try {
    return Doorbell.safeParse(JSON.parse(message)).data;
  } catch {
    return undefined; // whoever rang with this is not a control plane of ours
  }
}
