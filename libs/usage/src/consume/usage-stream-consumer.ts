import { redisNames, type UsageEvent } from '@penstock/contracts';
import type { Redis } from 'ioredis';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../clock.ts';
import { readStreamState } from '../ship/stream-state.ts';
import { commitEvents } from './commit-events.ts';
import { readEntries, type PoisonEntry, type ReadEntries, type StreamEntry } from './read-entries.ts';
import { UsageStreamReader } from './usage-stream-reader.ts';

export interface UsageStreamConsumerOptions {
  /** The consumer makes a second connection like this one, on which it waits. The caller closes this one. */
  readonly redis: Redis;
  /** Name of this worker; a worker that starts again under the same name goes on with what it had. */
  readonly consumer: string;
  /** Stores the events, each once however often it comes (by its id). Resolves after the commit. Two run at a time. */
  readonly commit: (events: UsageEvent[]) => Promise<void>;
  readonly clock: Clock;
  /** Entries in one read, each of up to 100 events; 50 where it is left out. One read is one commit; three are in memory. */
  readonly batch?: number;
  /** How long one read waits for events; 2 s where it is left out. */
  readonly blockMs?: number;
  /** A worker that has not acknowledged for so long is taken for dead; 60 s where it is left out. */
  readonly staleAfterMs?: number;
  /** True for an error of `commit` that trying again cannot mend (the event's content). */
  readonly isPermanent?: (error: unknown) => boolean;
  /** An entry that is no event, or that the store refuses; it lies in the dead-letter stream afterwards. */
  readonly onPoison?: (poison: PoisonEntry) => void;
  /** Redis or the store failed; it is tried again. */
  readonly onError?: (error: unknown) => void;
}

const FIRST_RETRY_MS = 100;
const LAST_RETRY_MS = 5_000;
const TRIM_EVERY_MS = 1_000;
const MAX_DEAD_LETTERS = 10_000;
/** The store takes the events of one batch while it adds those of the one before to its sums. */
const MAX_COMMITS = 2;

/** A batch that is read and validated, not yet committed. */
interface Batch {
  readonly ids: readonly string[];
  readonly read: ReadEntries;
}

/**
 * Takes events from the stream to the store: read, commit, then acknowledge; two batches are committed at a time, while a third
 * is read. What a dead worker held is claimed. A lost group (a Redis that lost its data) is made again from the start of the
 * stream. What everyone has committed is trimmed away.
 */
export class UsageStreamConsumer {
  readonly #options: UsageStreamConsumerOptions;
  readonly #reader: UsageStreamReader;
  readonly #stop = new AbortController();
  #running: Promise<void> | undefined;
  #trimAtMs = 0;
  #claimAtMs = 0;
  #failures = 0;

  constructor(options: UsageStreamConsumerOptions) {
    this.#options = options;
    this.#reader = new UsageStreamReader({
      redis: options.redis,
      consumer: options.consumer,
      batch: options.batch ?? 50,
      blockMs: options.blockMs ?? 2_000,
      staleAfterMs: options.staleAfterMs ?? 60_000,
    });
  }

  /** Begins to consume; returns at once. */
  start(): void {
    this.#running ??= this.#loop();
  }

  /** Lets the commit that is under way finish, and reads nothing more. */
  async stop(): Promise<void> {
    this.#stop.abort();
    this.#reader.close();
    await this.#running;
  }

  async #loop(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      try {
        await this.#resume();
        await this.#flow();
      } catch (error) {
        // What was read stays this worker's until it is acknowledged: it is read again.
        await this.#recover(error);
      }
    }
  }

  /** What this worker held when it last stopped or failed comes first. */
  async #resume(): Promise<void> {
    let batch = validated(await this.#reader.readOwn());
    while (batch.ids.length > 0 && !this.#stop.signal.aborted) {
      await this.#consume(batch);
      batch = validated(await this.#reader.readOwn());
    }
  }

  /** Reads while earlier batches are committed; ends, with none under way, when it is stopped or one of them fails. */
  async #flow(): Promise<void> {
    const underWay = new Set<Promise<void>>();
    const failures: unknown[] = [];
    const begin = (batch: Batch): void => {
      const consumed = this.#consume(batch)
        .catch((error: unknown) => void failures.push(error))
        .finally(() => underWay.delete(consumed));
      underWay.add(consumed);
    };
    try {
      while (!this.#stop.signal.aborted && failures.length === 0) {
        const batch = validated(await this.#next());
        if (underWay.size >= MAX_COMMITS) await Promise.race(underWay);
        if (failures.length === 0) begin(batch);
      }
    } finally {
      await Promise.all(underWay);
    }
    if (failures.length > 0) throw failures[0];
  }

  async #next(): Promise<readonly StreamEntry[]> {
    const nowMs = this.#options.clock.now();
    if (nowMs >= this.#claimAtMs) {
      const claimed = await this.#reader.claimStale();
      if (claimed.length > 0) return claimed;
      this.#claimAtMs = nowMs + (this.#options.staleAfterMs ?? 60_000) / 2;
    }
    return this.#reader.readNew();
  }

  async #consume({ ids, read: { events, poison } }: Batch): Promise<void> {
    const { commit, redis, isPermanent = () => false } = this.#options;
    if (ids.length > 0) {
      const refused = await commitEvents(
        events.map(({ event }) => event),
        commit,
        isPermanent,
      );
      const streamIds = new Map(events.map(({ streamId, event }) => [event, streamId]));
      const refusals = refused.map(({ event, error }) => ({
        streamId: streamIds.get(event) ?? '',
        text: JSON.stringify(event),
        reason: `the store refuses it: ${error instanceof Error ? error.message : 'unknown'}`,
      }));
      await this.#bury([...poison, ...refusals]);
      await redis.xack(redisNames.usageStream, redisNames.usageConsumerGroup, ...ids);
      this.#failures = 0;
    }
    await this.#trim();
  }

  async #bury(poison: readonly PoisonEntry[]): Promise<void> {
    for (const entry of poison) {
      const { streamId, text, reason } = entry;
      const fields = ['stream-id', streamId, 'reason', reason, 'text', text];
      await this.#options.redis.xadd(redisNames.usageDeadLetters, 'MAXLEN', '~', MAX_DEAD_LETTERS, '*', ...fields);
      this.#options.onPoison?.(entry);
    }
  }

  /** Below the oldest entry that any worker still holds, everything is committed. */
  async #trim(): Promise<void> {
    const nowMs = this.#options.clock.now();
    if (nowMs < this.#trimAtMs) return;
    this.#trimAtMs = nowMs + TRIM_EVERY_MS;
    const { trimBelow } = await readStreamState(this.#options.redis);
    if (trimBelow !== null) await this.#options.redis.xtrim(redisNames.usageStream, 'MINID', trimBelow);
  }

  async #recover(error: unknown): Promise<void> {
    if (this.#stop.signal.aborted) return;
    this.#failures += 1;
    this.#options.onError?.(error);
    const waitMs = Math.min(FIRST_RETRY_MS * 2 ** this.#failures, LAST_RETRY_MS) * (0.5 + Math.random() / 2);
    await sleep(waitMs, undefined, { signal: this.#stop.signal }).catch(() => undefined); // stopped: no need to wait
  }
}

function validated(entries: readonly StreamEntry[]): Batch {
  return { ids: entries.map(({ id }) => id), read: readEntries(entries) };
}
