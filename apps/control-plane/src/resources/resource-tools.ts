import { Inject, Injectable } from '@nestjs/common';
import { ConfigWriter } from '../config-revisions/config-writer.ts';
import { CLOCK, type Clock } from '../config/config.module.ts';
import { PrismaService } from '../prisma/prisma.service.ts';

/** What every kind's service works with. */
@Injectable()
export class ResourceTools {
  constructor(
    readonly prisma: PrismaService,
    readonly writer: ConfigWriter,
    @Inject(CLOCK) readonly clock: Clock,
  ) {}
}
