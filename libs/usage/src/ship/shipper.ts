import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { redisNames } from '@penstock/contracts';
import type { Redis } from 'ioredis';
import { finalLines } from '../spool/record-line.ts';
import { readBlock, type Segment } from '../spool/segment.ts';
import type { Spool } from '../spool/spool.ts';
import { readStreamState, type StreamState } from './stream-state.ts';

export interface ShipperOptions {
  readonly redis: Redis;
  readonly spool: Spool;
  /** Who ships; stands in the stream's epoch, for an operator to see. */
  readonly instanceId: string;
  readonly onError: (error: unknown) => void;
  /** Redis had lost what this process shipped; so many events go out again. */
  readonly onShipAgain?: (events: number) => void;
  /** While the stream holds so many entries nothing is added, so that workers that stand still do not fill Redis; 10 000. */
  readonly maxStreamEntries?: number;
  /** How often to ask what is committed, and whether Redis lost data, while something is not committed; 1 s where it is left out. */
  readonly confirmEveryMs?: number;
  /** 0 ≤ random < 1; spreads the retries of many processes. */
  readonly random?: () => number;
}

/** Entries of the stream in one round trip. */
const ENTRIES_AT_ONCE = 5;
/** More than the records of one entry. */
const BLOCK_BYTES = 256 * 1024;
/** Events in one entry of the stream: a command for each would cost more than the event itself. */
const EVENTS_PER_ENTRY = 100;
/** Lets a batch gather; a usage event is on its way after this. */
const SHIP_AFTER_MS = 50;
const CONFIRM_EVERY_MS = 1_000;
/** Up to 600 MB when every entry is full; a quiet gateway fills 20 of them a second. */
const MAX_STREAM_ENTRIES = 10_000;
const FIRST_RETRY_MS = 100;
const LAST_RETRY_MS = 5_000;
const STOP_WITHIN_MS = 1_000;

/**
 * Brings the spool's events to the stream, and deletes a segment when a worker has committed it. The stream is not believed to
 * be durable: when Redis lost data (another epoch, another server run, a shorter stream), what is not committed goes out again. An
 * event may thus come twice but has its effect once, by its id.
 */
export class Shipper {
  readonly #options: ShipperOptions;
  #seen: Pick<StreamState, 'epoch' | 'runId' | 'entriesAdded'> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #dueAt = Infinity;
  #cycle: Promise<boolean> | undefined;
  #failures = 0;
  /** Entries that the stream may still take until it is asked again. */
  #room = MAX_STREAM_ENTRIES;
  /** On the monotonic clock. */
  #confirmAt = 0;
  readonly #onReconnect = (): void => {
    // What answers from now on may be another server, or the same one with older data.
    this.#confirmAt = 0;
  };
  #stopped = false;
  /** What is read of a segment; one for all reads, since memory outside of V8's heap makes it collect garbage early. */
  readonly #block = Buffer.allocUnsafe(BLOCK_BYTES);

  constructor(options: ShipperOptions) {
    this.#options = options;
    options.redis.on('ready', this.#onReconnect);
  }

  /** There is something to ship. Cheap, called for every event. */
  wake(): void {
    if (this.#failures === 0 && !this.#cycle && this.#room > 0) this.#schedule(SHIP_AFTER_MS);
  }

  /** Ships now. True when all went well. Never rejects. */
  ship(): Promise<boolean> {
    this.#cycle ??= this.#run().finally(() => {
      this.#cycle = undefined;
      this.#scheduleNext();
    });
    return this.#cycle;
  }

  /** Nothing is shipped after this but what is under way, which is waited for, but not for long: Redis may hang. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    this.#options.redis.off('ready', this.#onReconnect);
    await Promise.race([this.#cycle, sleep(STOP_WITHIN_MS, undefined, { ref: false })]);
  }

  async #run(): Promise<boolean> {
    try {
      const { status } = this.#options.redis;
      if (status !== 'ready' && status !== 'wait') throw new Error(`the connection to Redis is ${status}`);
      if (this.#mustConfirm()) await this.#confirm();
      await this.#shipAll();
      this.#failures = 0;
      return true;
    } catch (error) {
      this.#failures += 1;
      this.#confirmAt = 0;
      this.#options.onError(error);
      return false;
    }
  }

  #scheduleNext(): void {
    const { spool, random = Math.random, confirmEveryMs = CONFIRM_EVERY_MS } = this.#options;
    if (this.#failures > 0) {
      this.#schedule(Math.min(FIRST_RETRY_MS * 2 ** this.#failures, LAST_RETRY_MS) * (0.5 + random() / 2));
    } else if (spool.hasUnshipped && this.#room > 0) this.#schedule(SHIP_AFTER_MS);
    else if (spool.pending > 0) this.#schedule(confirmEveryMs);
  }

  #schedule(afterMs: number): void {
    const dueAt = performance.now() + afterMs;
    if (this.#stopped || this.#dueAt <= dueAt) return;
    clearTimeout(this.#timer);
    this.#dueAt = dueAt;
    this.#timer = setTimeout(() => {
      this.#dueAt = Infinity;
      void this.ship();
    }, afterMs).unref();
  }

  /** Asking costs more than shipping a batch; what is shipped to a Redis that has just lost data goes out again after the next time. */
  #mustConfirm(): boolean {
    return performance.now() >= this.#confirmAt || this.#room <= 0 || !this.#options.spool.hasUnshipped;
  }

  /** Learns what is committed, or that Redis lost data. */
  async #confirm(): Promise<void> {
    const { redis, spool, maxStreamEntries = MAX_STREAM_ENTRIES, confirmEveryMs = CONFIRM_EVERY_MS } = this.#options;
    this.#confirmAt = performance.now() + confirmEveryMs;
    const state = await readStreamState(redis);
    this.#room = maxStreamEntries - state.length;
    const seen = this.#seen;
    const lostAll = seen !== undefined && (state.epoch !== seen.epoch || state.entriesAdded < seen.entriesAdded);
    if (lostAll) this.#shipAgain(spool.segments);
    else if (seen && state.runId !== seen.runId) await this.#shipAgainWhatIsGone();
    else confirmCommitted(spool, state);
    spool.deleteDone();
    this.#seen = { ...state, epoch: state.epoch ?? (await this.#beginEpoch()) };
  }

  async #beginEpoch(): Promise<string | null> {
    const { redis, instanceId } = this.#options;
    await redis.set(redisNames.usageEpoch, `${instanceId}:${randomUUID()}`, 'NX');
    return redis.get(redisNames.usageEpoch);
  }

  /**
   * A server that starts again may have an old copy of the stream. Entries that others added since must not make ours look
   * committed, so only what is still there counts as shipped.
   */
  async #shipAgainWhatIsGone(): Promise<void> {
    const { redis, spool } = this.#options;
    const gone: Segment[] = [];
    for (const segment of spool.segments) {
      const ids = segment.batches.map(({ lastId }) => lastId);
      const found = await Promise.all(ids.map((id) => redis.xrange(redisNames.usageStream, id, id)));
      if (found.some((entries) => entries.length === 0)) gone.push(segment);
    }
    this.#shipAgain(gone);
  }

  #shipAgain(segments: readonly Segment[]): void {
    const shipped = segments.filter(({ batches }) => batches.length > 0);
    const events = shipped.reduce(
      (sum, { batches }) => sum + batches.reduce((inner, batch) => inner + batch.events, 0),
      0,
    );
    for (const segment of shipped) segment.shipAgain();
    if (events > 0) this.#options.onShipAgain?.(events);
  }

  async #shipAll(): Promise<void> {
    // The list grows while it is gone through, also by what is held back from a moment within.
    for (const segment of this.#options.spool.segments) {
      while (!segment.held && segment.shippedOffset < segment.bytes && this.#room > 0 && !this.#stopped)
        await this.#shipBatch(segment);
    }
  }

  async #shipBatch(segment: Segment): Promise<void> {
    const { entries, events, endOffset } = this.#nextEntries(segment);
    if (entries.length > 0) {
      const lastId = await this.#addToStream(entries);
      segment.batches.push({ endOffset, events, lastId });
    }
    segment.shippedOffset = endOffset;
  }

  #nextEntries(segment: Segment): NextEntries {
    const maxEntries = Math.min(ENTRIES_AT_ONCE, this.#room);
    const entries: string[] = [];
    let events = 0;
    let endOffset = segment.shippedOffset;
    while (entries.length < maxEntries && endOffset < segment.bytes) {
      const block = readBlock(segment.file, endOffset, segment.bytes, this.#block);
      const lines = finalLines(block, EVENTS_PER_ENTRY);
      if (lines.count > 0) entries.push(lines.text);
      events += lines.count;
      // No record is as long as a block: what has no end there is damaged.
      endOffset += lines.length || block.length;
    }
    return { entries, events, endOffset };
  }

  /** The id of the last entry. */
  async #addToStream(entries: readonly string[]): Promise<string> {
    const pipeline = this.#options.redis.pipeline();
    for (const events of entries) pipeline.xadd(redisNames.usageStream, '*', 'event', events);
    this.#room -= entries.length;
    const replies = await pipeline.exec();
    const failure = replies?.find(([error]) => error)?.[0];
    const lastId = replies?.at(-1)?.[1];
    if (failure || typeof lastId !== 'string') throw failure ?? new Error('the usage batch was not answered');
    return lastId;
  }
}

interface NextEntries {
  /** Each holds events, one in a line. */
  readonly entries: readonly string[];
  readonly events: number;
  /** Everything before it is among the events, or is no event. */
  readonly endOffset: number;
}

function confirmCommitted({ segments }: Spool, { isCommitted }: StreamState): void {
  for (const segment of segments) {
    while (segment.batches[0] && isCommitted(segment.batches[0].lastId)) segment.confirmBatch();
  }
}
