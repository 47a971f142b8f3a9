import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { UsageEvent } from '@penstock/contracts';
import type { Redis } from 'ioredis';
import type { Clock } from './clock.ts';
import { Shipper } from './ship/shipper.ts';
import { adoptOrphans } from './spool/adopt-orphans.ts';
import { currentProcess, ownedName, releasedName } from './spool/process-identity.ts';
import { Spool } from './spool/spool.ts';
import type { OpenedUsage, OpenUsage, UsageSink } from './usage-sink.ts';

export interface UsageSinkOptions {
  /** Where the spools of all gateway processes of this machine lie; every process makes its own directory in it. */
  readonly directory: string;
  readonly instanceId: string;
  /** Need not be connected. Commands should fail by themselves when no answer comes (`commandTimeout`). The caller closes it. */
  readonly redis: Redis;
  readonly clock: Clock;
  /** All spooled records of this process; 1 GiB where it is left out. */
  readonly maxBytes?: number;
  /** 8 MiB where it is left out. */
  readonly segmentBytes?: number;
  /** While the stream holds so many entries (of up to 100 events), events stay on the spool; 10 000 where it is left out. */
  readonly maxStreamEntries?: number;
  /** How often to ask what workers have committed; 1 s where it is left out. */
  readonly confirmEveryMs?: number;
  /** An event was lost for want of space or by a failed write. */
  readonly onDropped?: (cause: unknown) => void;
  /** The spool is 80 % full of what is not shipped yet; `share` is 0 to 1. */
  readonly onNearlyFull?: (share: number) => void;
  /** Shipping failed and will be tried again, or an orphan could not be read. */
  readonly onError?: (error: unknown) => void;
  /** So many spool directories of dead processes were taken over. */
  readonly onAdopted?: (directories: number) => void;
  /** A line of a dead process' spool could not be read and was skipped. */
  readonly onDamaged?: (file: string) => void;
  /** Redis had lost so many events, which are shipped again. */
  readonly onShipAgain?: (events: number) => void;
}

const MAINTAIN_EVERY_MS = 30_000;
const FLUSH_RETRY_MS = 50;

/** A {@link UsageSink} on the local disk, from where events go to the Redis stream. */
export interface SpooledUsageSink extends UsageSink {
  /** Resolves when what dead processes had left is taken over; the sink can be used before. */
  readonly recovered: Promise<void>;
  /**
   * No event that is not yet committed by a worker was recorded before this; null when there is none. Epoch ms by a clock that
   * never goes back (`performance.timeOrigin + performance.now()`); 0 for what a dead process has left. What is held back does
   * not count.
   */
  readonly oldestPendingAtMs: number | null;
  /** How full the spool is of what is not shipped yet, 0 to 1: at 1 events are dropped, so that who must not lose any refuses work before. */
  readonly fill: number;
  /** Events that are recorded from now on stay on the disk until {@link release}; those that were held back before may leave. */
  hold(): void;
  release(): void;
  /** Stops shipping and gives the directory free: what is left in it is shipped by the next process that starts. */
  close(): Promise<void>;
}

/** Opens the spool of this process and starts to ship. Throws when the directory cannot be made or written. */
export function createUsageSink(options: UsageSinkOptions): SpooledUsageSink {
  return new DirectoryUsageSink(options);
}

class DirectoryUsageSink implements SpooledUsageSink {
  readonly recovered: Promise<void>;
  readonly #options: UsageSinkOptions;
  readonly #owned: string[];
  readonly #spool: Spool;
  readonly #shipper: Shipper;
  readonly #maintenance: NodeJS.Timeout;
  #maintaining: Promise<void> | undefined;

  constructor(options: UsageSinkOptions) {
    this.#options = options;
    const directory = path.join(options.directory, ownedName(currentProcess()));
    this.#owned = [directory];
    const { onDropped = ignore, onError = ignore, ...rest } = options;
    this.#spool = new Spool({ ...rest, directory, onDropped });
    this.#shipper = new Shipper({ ...rest, spool: this.#spool, onError });
    this.recovered = this.#maintain();
    this.#maintenance = setInterval(() => void this.#maintain(), MAINTAIN_EVERY_MS).unref();
  }

  get pending(): number {
    return this.#spool.pending;
  }

  get oldestPendingAtMs(): number | null {
    return this.#spool.oldestPendingAtMs;
  }

  get dropped(): number {
    return this.#spool.dropped;
  }

  get fill(): number {
    return this.#spool.fill;
  }

  open(usage: OpenUsage): OpenedUsage {
    return this.#spool.open(usage);
  }

  record(event: UsageEvent, opened?: OpenedUsage, written?: () => void): void {
    this.#spool.record(event, opened, written);
    this.#shipper.wake();
  }

  hold(): void {
    this.#spool.hold();
    this.#shipper.wake();
  }

  release(): void {
    this.#spool.release();
    this.#shipper.wake();
  }

  async flush(deadlineMs: number): Promise<void> {
    this.release();
    const untilMs = performance.now() + deadlineMs;
    while (this.#spool.hasUnshipped) {
      const leftMs = untilMs - performance.now();
      if (leftMs <= 0) return;
      await Promise.race([this.#shipper.ship(), sleep(leftMs, undefined, { ref: false })]);
      if (this.#spool.hasUnshipped) await sleep(Math.min(FLUSH_RETRY_MS, Math.max(0, untilMs - performance.now())));
    }
  }

  async close(): Promise<void> {
    clearInterval(this.#maintenance);
    await this.#maintaining;
    await this.#shipper.stop();
    this.#spool.close();
    for (const directory of this.#owned.filter((owned) => fs.existsSync(owned))) {
      if (fs.readdirSync(directory).length === 0) fs.rmdirSync(directory);
      else fs.renameSync(directory, path.join(this.#options.directory, releasedName()));
    }
  }

  /** Shows other hosts that this process lives, and takes over from those that do not. */
  #maintain(): Promise<void> {
    this.#maintaining ??= this.#takeOver().finally(() => (this.#maintaining = undefined));
    return this.#maintaining;
  }

  async #takeOver(): Promise<void> {
    const { directory: root, clock, onAdopted, onError = ignore, onDamaged = ignore } = this.#options;
    const nowMs = clock.now();
    try {
      for (const directory of this.#owned.filter((owned) => fs.existsSync(owned))) {
        fs.utimesSync(directory, nowMs / 1_000, nowMs / 1_000);
      }
      const adopted = await adoptOrphans({ root, spool: this.#spool, nowMs, onDamaged });
      this.#owned.push(...adopted);
      if (adopted.length > 0) onAdopted?.(adopted.length);
      if (this.#spool.hasUnshipped) this.#shipper.wake();
    } catch (error) {
      onError(error);
    }
  }
}

function ignore(): void {
  // The caller did not ask to be told.
}
