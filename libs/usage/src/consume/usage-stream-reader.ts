import { redisNames } from '@penstock/contracts';
import type { Redis } from 'ioredis';
import type { StreamEntry } from './read-entries.ts';

export interface UsageStreamReaderOptions {
  readonly redis: Redis;
  readonly consumer: string;
  /** Entries in one read. */
  readonly batch: number;
  readonly blockMs: number;
  readonly staleAfterMs: number;
}

type RawEntry = readonly [id: string, fields: string[] | null];

const { usageStream, usageConsumerGroup } = redisNames;
/** A read that waits longer than it asked to is a connection that hangs. */
const HANGING_AFTER_MS = 5_000;

/** Reads the stream for one member of the group. The group is made when it is missing. */
export class UsageStreamReader {
  readonly #options: UsageStreamReaderOptions;
  /** A read that waits would hold up everything else on its connection. */
  readonly #waiting: Redis;

  constructor(options: UsageStreamReaderOptions) {
    this.#options = options;
    // A read that was cut must fail and not be sent again. (ioredis only fails it when no retry is allowed.)
    this.#waiting = options.redis.duplicate({
      lazyConnect: true,
      enableOfflineQueue: true,
      autoResendUnfulfilledCommands: false,
      maxRetriesPerRequest: 0,
      // Waiting is no sign of a fault here.
      commandTimeout: undefined,
      socketTimeout: undefined,
    });
    // The failed read says so; without a listener ioredis writes to the console.
    this.#waiting.on('error', () => undefined);
  }

  /** What this member was given before and has not acknowledged, oldest first. */
  readOwn(): Promise<readonly StreamEntry[]> {
    return this.#read('0');
  }

  /** Waits for entries that no member was given yet. */
  async readNew(): Promise<readonly StreamEntry[]> {
    const { blockMs } = this.#options;
    const hanging = setTimeout(() => this.#waiting.disconnect(true), blockMs + HANGING_AFTER_MS);
    try {
      return await this.#read('>');
    } finally {
      clearTimeout(hanging);
    }
  }

  /** Takes over what members hold that have not been heard of for `staleAfterMs`. */
  claimStale(): Promise<readonly StreamEntry[]> {
    const { redis, consumer, staleAfterMs, batch } = this.#options;
    return this.#withGroup(async () => {
      const reply = await redis.xautoclaim(
        usageStream,
        usageConsumerGroup,
        consumer,
        staleAfterMs,
        '0-0',
        'COUNT',
        batch,
      );
      return entriesOf(reply[1]);
    });
  }

  /** Ends a read that waits. */
  close(): void {
    this.#waiting.disconnect();
  }

  #read(from: '0' | '>'): Promise<readonly StreamEntry[]> {
    const { consumer, batch, blockMs } = this.#options;
    const group = ['GROUP', usageConsumerGroup, consumer, 'COUNT', batch] as const;
    return this.#withGroup(async () => {
      const reply =
        from === '>'
          ? await this.#waiting.xreadgroup(...group, 'BLOCK', blockMs, 'STREAMS', usageStream, from)
          : await this.#waiting.xreadgroup(...group, 'STREAMS', usageStream, from);
      const [stream] = (reply ?? []) as readonly (readonly [name: string, entries: unknown])[];
      return entriesOf(stream?.[1]);
    });
  }

  async #withGroup(read: () => Promise<readonly StreamEntry[]>): Promise<readonly StreamEntry[]> {
    try {
      return await read();
    } catch (error) {
      if (!(error instanceof Error) || !/NOGROUP|no such key|UNBLOCKED/.test(error.message)) throw error;
      await this.#makeGroup();
      return [];
    }
  }

  /** From the start of the stream: what lies in it was never committed, since committed entries are trimmed away. */
  async #makeGroup(): Promise<void> {
    try {
      await this.#options.redis.xgroup('CREATE', usageStream, usageConsumerGroup, '0', 'MKSTREAM');
    } catch (error) {
      if (!(error instanceof Error) || !error.message.startsWith('BUSYGROUP')) throw error; // another member was first
    }
  }
}

function entriesOf(reply: unknown): StreamEntry[] {
  return ((reply ?? []) as readonly RawEntry[]).map(([id, fields]) => ({ id, fields }));
}
