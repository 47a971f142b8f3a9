import { Inject, Injectable } from '@nestjs/common';
import type { CreateUser, PageQuery, UpdateUser, User } from '@penstock/contracts';
import type { z } from 'zod';
import { hashPassword } from '../auth/password-hash.ts';
import { SessionStore } from '../auth/session-store.ts';
import { AdminError, invalidField, takenField } from '../common/admin-error.ts';
import type { Actor } from '../common/actor.ts';
import { idCursor, idPage } from '../common/id-page.ts';
import { CLOCK, type Clock } from '../config/config.module.ts';
import { ConfigWriter } from '../config-revisions/config-writer.ts';
import type { User as UserRow } from '../prisma/generated/client.ts';
import type { Transaction } from '../prisma/prisma.service.ts';
import { toUser } from './user.mapper.ts';
import { UsersRepository } from './users.repository.ts';

type UserChange = z.output<typeof UpdateUser>;

/** People who log in. A change of password or role, and disabling, end all of their sessions. */
@Injectable()
export class UsersService {
  constructor(
    private readonly users: UsersRepository,
    private readonly writer: ConfigWriter,
    private readonly sessions: SessionStore,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async list(actor: Actor, query: Pick<PageQuery, 'limit' | 'cursor' | 'q'>) {
    const { limit, q } = query;
    const { rows, total } = await this.users.page(actor.organizationId, { limit, q, after: idCursor(query.cursor) });
    return idPage(rows, { limit, total, toItem: toUser });
  }

  async get(actor: Actor, id: string): Promise<User> {
    return toUser(await this.users.require(undefined, actor.organizationId, id));
  }

  async create(actor: Actor, input: z.output<typeof CreateUser>): Promise<User> {
    const { displayName, role } = input;
    const email = input.email.toLowerCase();
    const passwordHash = await hashPassword(input.password);
    return this.writer.change(actor, async (transaction) => {
      if (await transaction.user.findUnique({ where: { email } })) {
        throw takenField('email', 'A user with this email exists already.');
      }
      const createdAt = new Date(this.clock());
      const row = await transaction.user.create({
        data: { organizationId: actor.organizationId, email, displayName, role, passwordHash, createdAt },
      });
      return { result: toUser(row), audit: audit('create', row, { after: toUser(row) }), affectsConfig: false };
    });
  }

  async update(actor: Actor, id: string, change: UserChange): Promise<User> {
    if (Object.keys(change).length === 0) throw invalidField('', 'name at least one field to change');
    const { password, ...fields } = withoutUndefined(change);
    const passwordHash = password === undefined ? undefined : await hashPassword(password);
    return this.writer.change(actor, async (transaction) => {
      const before = await this.users.require(transaction, actor.organizationId, id);
      const demoted = (fields.role !== undefined && fields.role !== 'owner') || fields.disabled === true;
      if (demoted) await this.#requireAnotherOwner(transaction, before);
      const data = { ...fields, ...(passwordHash !== undefined && { passwordHash }) };
      const row = await transaction.user.update({ where: { id }, data });
      const ends = passwordHash !== undefined || row.role !== before.role || row.disabled;
      if (ends) await this.sessions.revokeAllOf(transaction, id);
      const after = { ...toUser(row), passwordChanged: passwordHash !== undefined };
      return {
        result: toUser(row),
        audit: audit('update', row, { before: toUser(before), after }),
        affectsConfig: false,
      };
    });
  }

  async remove(actor: Actor, id: string): Promise<void> {
    await this.writer.change(actor, async (transaction) => {
      const row = await this.users.require(transaction, actor.organizationId, id);
      await this.#requireAnotherOwner(transaction, row);
      await transaction.user.delete({ where: { id } });
      return { result: undefined, audit: audit('delete', row, { before: toUser(row) }), affectsConfig: false };
    });
  }

  async #requireAnotherOwner(transaction: Transaction, row: UserRow): Promise<void> {
    if (row.role !== 'owner' || row.disabled) return;
    const others = await this.users.countOtherOwners(transaction, row.organizationId, row.id);
    if (others === 0) throw new AdminError('conflict', 'This is the last owner.');
  }
}

function audit(action: string, row: UserRow, documents: { readonly before?: unknown; readonly after?: unknown }) {
  return { action, resourceKind: 'User', resourceName: row.email, ...documents };
}

type Defined<Fields> = { [Name in keyof Fields]?: Exclude<Fields[Name], undefined> };

function withoutUndefined<Fields extends object>(fields: Fields): Defined<Fields> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Defined<Fields>;
}
