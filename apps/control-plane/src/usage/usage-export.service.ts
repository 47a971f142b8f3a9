import { Readable } from 'node:stream';
import { Inject, Injectable } from '@nestjs/common';
import type { UsageExportQuery, UsageFocusQuery } from '@penstock/contracts';
import type { Actor } from '../common/actor.ts';
import { AdminError } from '../common/admin-error.ts';
import { CLOCK, type Clock, CONFIG } from '../config/config.module.ts';
import type { ControlPlaneConfig } from '../config/env.ts';
import { PrismaService } from '../prisma/prisma.service.ts';
import { eventLines } from './export/event-lines.ts';
import { focusLines } from './export/focus-lines.ts';
import type { EventQuestion } from './event-question.ts';
import { reportingZone } from './reporting-zone.ts';
import { requireFewIntervals } from './series-bounds.ts';
import { filterOf, usageRange } from './usage-range.ts';

/** Exports that run at one time; each holds a connection to the database. */
export const MAX_EXPORTS = 4;
const RETRY_AFTER_SECONDS = 10;

/** A file that is made while it is read. */
export interface UsageExport {
  readonly stream: Readable;
  readonly name: string;
}

/** Usage as files. Nothing is kept in memory but a page of rows; who leaves early ends the reading too. */
@Injectable()
export class UsageExportService {
  #running = 0;

  constructor(
    private readonly prisma: PrismaService,
    @Inject(CONFIG) private readonly config: ControlPlaneConfig,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Every event of the range that passes the filters. */
  async events(actor: Actor, query: UsageExportQuery): Promise<UsageExport> {
    const { question } = await this.#read(actor, query);
    return this.#start('usage', question, eventLines(this.config.databaseUrl, question));
  }

  /** Charges of the range in the columns of FOCUS. */
  async focus(actor: Actor, query: UsageFocusQuery): Promise<UsageExport> {
    const { question, timeZone } = await this.#read(actor, query);
    const { interval } = query;
    requireFewIntervals({ range: question.range, interval });
    return this.#start('focus', question, focusLines(this.config.databaseUrl, { question, interval, timeZone }));
  }

  async #read(
    { organizationId }: Actor,
    query: UsageExportQuery,
  ): Promise<{ question: EventQuestion; timeZone: string }> {
    const timeZone = query.timeZone ?? (await reportingZone(this.prisma.client, organizationId));
    const range = usageRange(query, this.clock(), timeZone);
    const { outcome, status } = query;
    return { question: { organizationId, range, filter: filterOf(query), outcome, status }, timeZone };
  }

  #start(kind: string, { range }: EventQuestion, lines: AsyncGenerator<string>): UsageExport {
    if (this.#running >= MAX_EXPORTS) {
      const message = `At most ${MAX_EXPORTS} exports run at one time; try again when one has ended.`;
      throw new AdminError('unavailable', message, { retryAfterSeconds: RETRY_AFTER_SECONDS });
    }
    this.#running += 1;
    const stream = Readable.from(lines, { objectMode: false });
    stream.once('close', () => (this.#running -= 1));
    const day = (time: Date): string => time.toISOString().slice(0, 10);
    return { stream, name: `${kind}-${day(range.from)}-${day(range.to)}.csv` };
  }
}
