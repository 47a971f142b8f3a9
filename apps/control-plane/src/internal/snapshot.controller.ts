import { Controller, Get, Headers, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { encodeEnvelope, versionText } from '@penstock/config-sync';
import type { FastifyReply } from 'fastify';
import { RequireRole } from '../auth/roles.ts';
import { AdminError } from '../common/admin-error.ts';
import { RevisionStore } from '../config-revisions/revision-store.ts';
import { PrismaService } from '../prisma/prisma.service.ts';

/** The gateways' second source of config, beside Redis. */
@ApiExcludeController()
@Controller('internal/v1/snapshot')
export class SnapshotController {
  constructor(
    private readonly prisma: PrismaService,
    private readonly revisions: RevisionStore,
  ) {}

  @Get()
  @RequireRole('internal')
  async get(@Headers('if-none-match') known: string | undefined, @Res() reply: FastifyReply): Promise<void> {
    const newest = await this.revisions.newestVersion(this.prisma.client);
    if (!newest) throw new AdminError('not_found', 'There is no config revision yet.');
    const etag = `"${versionText(newest)}"`;
    reply.header('etag', etag);
    if (known?.split(',').some((tag) => tag.trim() === etag)) return reply.status(304).send();
    const envelope = await this.revisions.envelope(this.prisma.client, newest.revision);
    if (!envelope) throw new AdminError('not_found', 'There is no config revision yet.');
    return reply.header('content-type', 'application/json; charset=utf-8').send(encodeEnvelope(envelope));
  }
}
