import { setTimeout as sleep } from 'node:timers/promises';
import { type KeyUsage, KeyUsageWindow, redisNames, type UsageEvent } from '@penstock/contracts';
import type { Redis } from 'ioredis';
import type { PrismaClient } from '../prisma/generated/client.ts';
import { reportingZone } from './reporting-zone.ts';
import { intervalAround } from './reports/interval-starts.ts';
import type { UsageRange } from './usage-range.ts';
import { sumGroups } from './usage-reports.repository.ts';
import { toTotals } from './usage-sums.ts';

export interface KeyUsageWriterOptions {
  readonly prisma: PrismaClient;
  readonly redis: Redis;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  /** The usage of some keys could not be written; it is tried again. */
  readonly onError: (error: unknown) => void;
  /** A key is written once in this time at most; 2 s where it is left out. */
  readonly everyMs?: number;
}

interface TouchedKey {
  readonly id: string;
  readonly name: string;
  readonly organizationId: string;
}

const EVERY_MS = 2_000;
const STOP_WITHIN_MS = 2_000;
const KEPT_SECONDS = 40 * 86_400;
const KEYS_AT_ONCE = 500;
const NO_USAGE = {
  requests: 0,
  errors: 0,
  inputTokens: 0,
  outputTokens: 0,
  cachedInputTokens: 0,
  cacheWriteTokens: 0,
  reasoningTokens: 0,
  costMicroUsd: 0,
  unknownCostRequests: 0,
};
/** Keys beyond these are left out until they are used again. */
const MAX_WAITING = 50_000;

/**
 * Writes to Redis what each key that was used has spent today and this month, so that gateways can tell it (see `KeyUsage`). The
 * sums go by the key's name, as reports do. Keys gather for two seconds, so that a busy key costs no more than a quiet one.
 */
export class KeyUsageWriter {
  readonly name = 'usage of keys';
  readonly #options: KeyUsageWriterOptions;
  readonly #waiting = new Map<string, TouchedKey>();
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(options: KeyUsageWriterOptions) {
    this.#options = options;
  }

  /** Called after a commit; returns at once. */
  committed(events: readonly UsageEvent[]): void {
    for (const { virtualKeyId: id, virtualKeyName: name, organizationId } of events) {
      if (id !== null && name !== null) this.#wait({ id, name, organizationId });
    }
  }

  /** Writes what waits now. Never rejects; what failed waits for the next time. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#writing = this.#writing.then(() => this.#writeWaiting());
    return this.#writing;
  }

  /** Writes what waits, and nothing after it; not for long, since Redis or Postgres may hang. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.race([this.flush(), sleep(STOP_WITHIN_MS, undefined, { ref: false })]);
    clearTimeout(this.#timer);
  }

  #wait(key: TouchedKey): void {
    if (this.#waiting.size >= MAX_WAITING && !this.#waiting.has(key.id)) return;
    this.#waiting.set(key.id, key);
    if (this.#stopped || this.#timer) return;
    this.#timer = setTimeout(() => void this.flush(), this.#options.everyMs ?? EVERY_MS).unref();
  }

  async #writeWaiting(): Promise<void> {
    const keys = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const [organizationId, touched] of Map.groupBy(keys, (key) => key.organizationId)) {
      for (let first = 0; first < touched.length; first += KEYS_AT_ONCE) {
        await this.#tryWriting(organizationId, touched.slice(first, first + KEYS_AT_ONCE));
      }
    }
  }

  async #tryWriting(organizationId: string, keys: readonly TouchedKey[]): Promise<void> {
    try {
      await this.#write(organizationId, keys);
    } catch (error) {
      this.#options.onError(error);
      for (const key of keys) this.#wait(key);
    }
  }

  async #write(organizationId: string, keys: readonly TouchedKey[]): Promise<void> {
    const { prisma, redis, clock } = this.#options;
    const nowMs = clock();
    const timeZone = await reportingZone(prisma, organizationId);
    const names = keys.map(({ name }) => name);
    const windows = { today: intervalAround(nowMs, 'day', timeZone), month: intervalAround(nowMs, 'month', timeZone) };
    const [today, month] = await Promise.all([
      this.#sums(organizationId, names, windows.today),
      this.#sums(organizationId, names, windows.month),
    ]);
    const updatedAt = new Date(nowMs).toISOString();
    const writes = keys.map(({ id, name }) => {
      const usage: KeyUsage = { updatedAt, timeZone, today: today(name), month: month(name) };
      return redis.set(redisNames.keyUsage(id), JSON.stringify(usage), 'EX', KEPT_SECONDS);
    });
    await Promise.all(writes);
  }

  async #sums(
    organizationId: string,
    names: readonly string[],
    range: UsageRange,
  ): Promise<(name: string) => KeyUsageWindow> {
    const question = { organizationId, range, filter: {}, groupBy: 'key' as const, names };
    const { groups } = await sumGroups(this.#options.prisma, question, names.length);
    const windows = new Map(groups.map((sums) => [sums.name, toTotals(sums)]));
    const [from, to] = [range.from.toISOString(), range.to.toISOString()];
    return (name) => KeyUsageWindow.parse({ ...(windows.get(name) ?? NO_USAGE), from, to });
  }
}
