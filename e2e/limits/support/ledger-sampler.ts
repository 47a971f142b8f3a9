import { redisNames } from '@penstock/contracts';
import { type ApplicableLimit, readLedgers } from '@penstock/rate-limiting';
import { Redis } from 'ioredis';
import type { LedgerSample } from '../history/history.ts';

/** A ledger of a calendar window, or a count of requests at once. */
export interface SampledLimit {
  readonly name: string;
  readonly applicable: ApplicableLimit;
}

const EVERY_MS = 5;

/** Reads ledgers every 5 ms, as they lie in Redis: each reading is one command, so it is of one moment. */
export class LedgerSampler {
  readonly samples: LedgerSample[] = [];
  readonly #redis: Redis;
  readonly #limits: readonly SampledLimit[];
  #timer: NodeJS.Timeout | undefined;
  #reading = Promise.resolve();

  constructor(redisUrl: string, limits: readonly SampledLimit[]) {
    this.#redis = new Redis(redisUrl, { enableOfflineQueue: false, retryStrategy: () => 50 });
    // A Redis that is down gives no samples.
    this.#redis.on('error', () => undefined);
    this.#limits = limits;
  }

  start(): void {
    let busy = false;
    this.#timer = setInterval(() => {
      if (busy) return;
      busy = true;
      this.#reading = this.read().then(
        (samples) => {
          this.samples.push(...samples);
          busy = false;
        },
        () => {
          busy = false; // Redis is down
        },
      );
    }, EVERY_MS);
  }

  /** Ends the sampling; `read` still works. */
  async pause(): Promise<void> {
    clearInterval(this.#timer);
    await this.#reading;
  }

  close(): void {
    clearInterval(this.#timer);
    this.#redis.disconnect();
  }

  /** One sample of each limit. Rejects while Redis is down. */
  read(): Promise<LedgerSample[]> {
    return Promise.all(this.#limits.map((limit) => this.#readOne(limit)));
  }

  /** Ledgers only, with leases that have run out counted as spent, as the next request would find it. */
  async readSettled(): Promise<LedgerSample[]> {
    const ledgers = this.#limits.filter(({ applicable: { limit } }) => limit.unit !== 'concurrency');
    const readings = await readLedgers(
      this.#redis,
      ledgers.map(({ applicable }) => applicable),
    );
    return readings.map(({ applicable, spent, reserved, pledged }, index) => {
      return {
        ledger: ledgers[index]?.name ?? '',
        at: Date.now(),
        spent,
        reserved,
        pledged,
        max: applicable.limit.max,
      };
    });
  }

  async #readOne({ name, applicable: { organizationId, subject, id, limit } }: SampledLimit): Promise<LedgerSample> {
    const key = redisNames.limit(organizationId, subject, id);
    const { max } = limit;
    const at = Date.now();
    if (limit.unit === 'concurrency') {
      const reserved = await this.#redis.zcount(key, `(${at}`, '+inf');
      return { ledger: name, at, spent: 0, reserved, pledged: 0, max };
    }
    const [spent, reserved, pledged] = await this.#redis.hmget(key, 'spent', 'reserved', 'pledged');
    return { ledger: name, at, spent: Number(spent), reserved: Number(reserved), pledged: Number(pledged), max };
  }
}
