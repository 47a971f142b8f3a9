import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { systemActor } from '../common/actor.ts';
import { DEFAULT_ORGANIZATION_ID } from '../common/organization.ts';
import { ConfigPublisher } from '../config-revisions/config-publisher.ts';
import { ConfigWriter } from '../config-revisions/config-writer.ts';
import { RevisionStore } from '../config-revisions/revision-store.ts';
import { PrismaService } from '../prisma/prisma.service.ts';
import { AppLogger } from '../telemetry/app-logger.ts';

const RETRY_MS = 2_000;

/** Sees to it that there is a revision, and that Redis holds the newest one; while Redis is away it goes on trying. */
@Injectable()
export class StartupPublication implements OnApplicationShutdown {
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(
    private readonly prisma: PrismaService,
    private readonly writer: ConfigWriter,
    private readonly publisher: ConfigPublisher,
    private readonly logger: AppLogger,
  ) {}

  /** `templatesChanged`: the newest revision holds built-in templates of another release. Never rejects for Redis' sake. */
  async start(revisions: RevisionStore, templatesChanged: boolean): Promise<void> {
    const isFirst = (await revisions.newest(this.prisma.client)) === 0;
    const cause = templatesChanged ? 'built-in templates of another release' : 'start of another release';
    // Another release may also build something else of the same tables, such as the organization or new prices.
    await this.writer.refreshIfDifferent(systemActor(DEFAULT_ORGANIZATION_ID), isFirst ? 'first start' : cause);
    await this.#reconcile(revisions);
  }

  onApplicationShutdown(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  async #reconcile(revisions: RevisionStore): Promise<void> {
    try {
      await this.#publishNewest(revisions);
    } catch (error) {
      this.logger.warn('The newest config revision could not be compared with Redis; it is tried again', {
        err: error,
      });
      if (this.#stopped) return;
      this.#timer = setTimeout(() => void this.#reconcile(revisions), RETRY_MS).unref();
    }
  }

  async #publishNewest(revisions: RevisionStore): Promise<void> {
    const stored = await this.publisher.storedVersion();
    const newest = await revisions.newest(this.prisma.client);
    const envelope = await revisions.envelope(this.prisma.client, newest);
    const foreign =
      stored && (stored.revision > newest || (stored.revision === newest && stored.checksum !== envelope?.checksum));
    if (envelope && !foreign) return this.publisher.publish(envelope);
    // Redis outlived this database: gateways have seen higher numbers, and refuse lower ones.
    revisions.numberAbove(stored?.revision ?? 0);
    return this.writer.refresh(systemActor(DEFAULT_ORGANIZATION_ID), 'number above what Redis holds');
  }
}
