import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { RedisSnapshotPublisher } from '@penstock/config-sync';
import type { SnapshotEnvelope } from '@penstock/contracts';
import { PrismaService } from '../prisma/prisma.service.ts';
import { RedisService } from '../redis/redis.service.ts';
import { AppLogger } from '../telemetry/app-logger.ts';
import { RevisionStore } from './revision-store.ts';

/** How long an admin's request waits for Redis; after that publishing goes on behind it. */
const PUBLISH_WAIT_MS = 1_000;
const FIRST_RETRY_MS = 200;
const MAX_RETRY_MS = 5_000;

/** Brings committed revisions to Redis, and does not give up: only the newest one matters. */
@Injectable()
export class ConfigPublisher implements OnApplicationShutdown {
  readonly #publisher: RedisSnapshotPublisher;
  #newest: SnapshotEnvelope | undefined;
  #running: Promise<void> | undefined;
  #wake: (() => void) | undefined;
  #stopped = false;
  #published = 0;

  constructor(
    redis: RedisService,
    private readonly prisma: PrismaService,
    private readonly revisions: RevisionStore,
    private readonly logger: AppLogger,
  ) {
    this.#publisher = new RedisSnapshotPublisher(redis.client);
  }

  /** Newest revision that this process has brought to Redis; 0 before the first. */
  get publishedRevision(): number {
    return this.#published;
  }

  /** Newest revision that still waits; undefined when everything is out. */
  get pendingRevision(): number | undefined {
    return this.#newest?.revision;
  }

  /** Publishes; resolves when it is out, or after a second while it is tried on in the background. Never rejects. */
  async publish(envelope: SnapshotEnvelope): Promise<void> {
    if (!this.#newest || envelope.revision > this.#newest.revision) this.#newest = envelope;
    this.#wake?.();
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
    });
    await Promise.race([this.#running, sleep(PUBLISH_WAIT_MS)]);
  }

  /** What Redis holds now. Rejects when Redis cannot be reached. */
  async storedVersion(): Promise<{ readonly revision: number; readonly checksum: string } | undefined> {
    return this.#publisher.storedVersion();
  }

  onApplicationShutdown(): void {
    this.#stopped = true;
    this.#wake?.();
  }

  async #run(): Promise<void> {
    let delayMs = FIRST_RETRY_MS;
    while (this.#newest && !this.#stopped) {
      const envelope = this.#newest;
      if (await this.#attempt(envelope)) {
        if (this.#newest === envelope) this.#newest = undefined;
        delayMs = FIRST_RETRY_MS;
      } else {
        await this.#pause(delayMs);
        delayMs = Math.min(delayMs * 2, MAX_RETRY_MS);
      }
    }
  }

  async #attempt(envelope: SnapshotEnvelope): Promise<boolean> {
    try {
      await this.#publisher.publish(envelope);
    } catch (error) {
      this.logger.warn('A config revision could not be published; it is tried again', {
        revision: envelope.revision,
        err: error,
      });
      return false;
    }
    this.#published = Math.max(this.#published, envelope.revision);
    await this.#recordPublished(envelope.revision);
    return true;
  }

  async #recordPublished(revision: number): Promise<void> {
    try {
      await this.revisions.markPublished(this.prisma.client, revision);
    } catch (error) {
      this.logger.warn('A published revision could not be marked as such', { revision, err: error });
    }
  }

  /** Waits, or until a newer revision or the end comes. */
  async #pause(delayMs: number): Promise<void> {
    const woken = Promise.withResolvers<void>();
    this.#wake = woken.resolve;
    await Promise.race([sleep(delayMs), woken.promise]);
    this.#wake = undefined;
  }
}

function sleep(durationMs: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, durationMs).unref();
  });
}
