import { Inject, Injectable } from '@nestjs/common';
import { type AdminToken, type CreateAdminToken, type PageQuery, Role } from '@penstock/contracts';
import { createAdminToken, type DerivedKeys, hashAdminToken } from '@penstock/secrets';
import type { z } from 'zod';
import { includesRole } from '../auth/roles.ts';
import { AdminError, takenField } from '../common/admin-error.ts';
import type { Actor } from '../common/actor.ts';
import { idCursor, idPage } from '../common/id-page.ts';
import { KEYS } from '../config/config.module.ts';
import { ResourceTools } from '../resources/resource-tools.ts';
import { toAdminToken } from './admin-token.mapper.ts';

/** Tokens for programs. Nobody makes or deletes one with more rights than his own. */
@Injectable()
export class AdminTokensService {
  constructor(
    private readonly tools: ResourceTools,
    @Inject(KEYS) private readonly keys: DerivedKeys,
  ) {}

  async list(actor: Actor, query: Pick<PageQuery, 'limit' | 'cursor'>) {
    const where = { organizationId: actor.organizationId };
    const after = idCursor(query.cursor);
    const { adminToken } = this.tools.prisma.client;
    const [rows, total] = await Promise.all([
      adminToken.findMany({
        where: { ...where, ...(after !== undefined && { id: { gt: after } }) },
        orderBy: { id: 'asc' },
        take: query.limit + 1,
      }),
      adminToken.count({ where }),
    ]);
    return idPage(rows, { limit: query.limit, total, toItem: toAdminToken });
  }

  /** The answer holds the token; it is never shown again. */
  async create(actor: Actor, input: z.output<typeof CreateAdminToken>): Promise<AdminToken> {
    const { name, role } = input;
    requireRank(actor, role);
    const { key, prefix } = createAdminToken();
    return this.tools.writer.change(actor, async (transaction) => {
      const { organizationId } = actor;
      if (await transaction.adminToken.findFirst({ where: { organizationId, name } })) {
        throw takenField('name', 'An admin token with this name exists already.');
      }
      const row = await transaction.adminToken.create({
        data: {
          organizationId,
          name,
          role,
          prefix,
          tokenHash: hashAdminToken(key, this.keys.virtualKeyPepper),
          createdAt: new Date(this.tools.clock()),
          expiresAt: input.expiresAt === null ? null : new Date(input.expiresAt),
        },
      });
      const audit = { action: 'create', resourceKind: 'AdminToken', resourceName: name, after: toAdminToken(row) };
      return { result: { ...toAdminToken(row), token: key }, audit, affectsConfig: false };
    });
  }

  async remove(actor: Actor, id: string): Promise<void> {
    await this.tools.writer.change(actor, async (transaction) => {
      const row = await transaction.adminToken.findFirst({ where: { id, organizationId: actor.organizationId } });
      if (!row) throw new AdminError('not_found', 'There is no such admin token.');
      requireRank(actor, Role.parse(row.role));
      await transaction.adminToken.delete({ where: { id } });
      const audit = { action: 'delete', resourceKind: 'AdminToken', resourceName: row.name, before: toAdminToken(row) };
      return { result: undefined, audit, affectsConfig: false };
    });
  }
}

function requireRank(actor: Actor, role: Role): void {
  if (!includesRole(actor.role, role)) throw new AdminError('forbidden', `This needs the role ${role}.`);
}
