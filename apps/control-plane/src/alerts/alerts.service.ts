import { Injectable } from '@nestjs/common';
import type { Alert, AlertKind, PageQuery } from '@penstock/contracts';
import { idCursor, idPage } from '../common/id-page.ts';
import type { Actor } from '../common/actor.ts';
import { PrismaService } from '../prisma/prisma.service.ts';
import { alertRelations, toAlert } from './alert.mapper.ts';

/** Reads what was told. */
@Injectable()
export class AlertsService {
  constructor(private readonly prisma: PrismaService) {}

  /** Newest first: ids begin with their time. */
  async list({ organizationId }: Actor, query: Pick<PageQuery, 'limit' | 'cursor'> & { kind?: AlertKind | undefined }) {
    const { limit, kind } = query;
    const after = idCursor(query.cursor);
    const where = { organizationId, ...(kind !== undefined && { kind }) };
    const [rows, total] = await Promise.all([
      this.prisma.client.alert.findMany({
        where: { ...where, ...(after !== undefined && { id: { lt: after } }) },
        include: alertRelations,
        orderBy: { id: 'desc' },
        take: limit + 1,
      }),
      this.prisma.client.alert.count({ where }),
    ]);
    return idPage<(typeof rows)[number], Alert>(rows, { limit, total, toItem: toAlert });
  }
}
