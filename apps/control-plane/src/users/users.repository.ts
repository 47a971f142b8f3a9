import { Injectable } from '@nestjs/common';
import { AdminError } from '../common/admin-error.ts';
import type { User as UserRow } from '../prisma/generated/client.ts';
import { PrismaService, type Transaction } from '../prisma/prisma.service.ts';
import { escapeLike } from '../resources/page-cursor.ts';

interface UserListQuery {
  readonly limit: number;
  readonly after: string | undefined;
  readonly q: string | undefined;
}

/** Users of an organization. */
@Injectable()
export class UsersRepository {
  constructor(private readonly prisma: PrismaService) {}

  async page(organizationId: string, { limit, after, q }: UserListQuery): Promise<{ rows: UserRow[]; total: number }> {
    const search = q ? { email: { contains: escapeLike(q), mode: 'insensitive' as const } } : {};
    const where = { organizationId, ...search };
    const [rows, total] = await Promise.all([
      this.prisma.client.user.findMany({
        where: { ...where, ...(after !== undefined && { id: { gt: after } }) },
        orderBy: { id: 'asc' },
        take: limit + 1,
      }),
      this.prisma.client.user.count({ where }),
    ]);
    return { rows, total };
  }

  /** The user, or the 404. */
  async require(client: Transaction | undefined, organizationId: string, id: string): Promise<UserRow> {
    const row = await (client ?? this.prisma.client).user.findFirst({ where: { organizationId, id } });
    if (!row) throw new AdminError('not_found', 'There is no such user.');
    return row;
  }

  async countOtherOwners(transaction: Transaction, organizationId: string, id: string): Promise<number> {
    return transaction.user.count({ where: { organizationId, role: 'owner', disabled: false, id: { not: id } } });
  }
}
