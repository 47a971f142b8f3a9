import { randomUUIDv7 } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { AlertTest } from '@penstock/contracts';
import { consoleLink } from '../alerts/alert-notice.ts';
import { AlertSender } from '../alerts/alert-sender.ts';
import { AdminError } from '../common/admin-error.ts';
import type { Actor } from '../common/actor.ts';
import { CLOCK, type Clock, CONFIG } from '../config/config.module.ts';
import type { ControlPlaneConfig } from '../config/env.ts';
import { PrismaService } from '../prisma/prisma.service.ts';
import { alertChannelsRepository } from './alert-channels.repository.ts';

/** Sends a test alert at once, also through a channel that is disabled; it is kept nowhere and not tried again. */
@Injectable()
export class ChannelTestService {
  constructor(
    private readonly prisma: PrismaService,
    private readonly sender: AlertSender,
    @Inject(CONFIG) private readonly config: ControlPlaneConfig,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async test({ organizationId }: Actor, name: string): Promise<AlertTest> {
    const channel = await alertChannelsRepository.find(this.prisma.client, organizationId, name);
    if (!channel) throw new AdminError('not_found', `There is no AlertChannel named '${name}'.`);
    const id = randomUUIDv7();
    const notice = {
      id,
      kind: 'test',
      firedAt: new Date(this.clock()).toISOString(),
      title: `A test of the alert channel '${name}'`,
      subject: `AlertChannel ${name}`,
      limit: null,
      consoleUrl: consoleLink(this.config.publicUrl),
    } as const;
    const startedAt = performance.now();
    const result = await this.sender.send(channel, notice, id);
    const durationMs = Math.round(performance.now() - startedAt);
    return { ok: result.ok, reason: result.ok ? null : result.reason, durationMs };
  }
}
