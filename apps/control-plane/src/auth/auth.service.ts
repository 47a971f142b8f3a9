import { Injectable } from '@nestjs/common';
import { Role, type Session } from '@penstock/contracts';
import { AdminError } from '../common/admin-error.ts';
import type { Actor } from '../common/actor.ts';
import { ConfigWriter } from '../config-revisions/config-writer.ts';
import type { User } from '../prisma/generated/client.ts';
import { PrismaService } from '../prisma/prisma.service.ts';
import { type Credentials, PasswordCheck } from './password-check.ts';
import { SessionStore } from './session-store.ts';

/** Where a login comes from. */
export interface LoginOrigin {
  readonly requestId: string;
  readonly address: string;
}

/** Local login. */
@Injectable()
export class AuthService {
  constructor(
    private readonly prisma: PrismaService,
    private readonly passwords: PasswordCheck,
    private readonly sessions: SessionStore,
    private readonly writer: ConfigWriter,
  ) {}

  /** Throws one and the same 401 for an unknown account, a wrong password and a disabled user; 429 while locked. */
  async login(
    credentials: Credentials,
    origin: LoginOrigin,
  ): Promise<{ readonly token: string; readonly session: Session }> {
    const user = await this.passwords.verify(credentials, origin.address);
    const { token, csrfToken, createdAt, expiresAt } = await this.sessions.create(user, origin.address);
    await this.#recordLogin(user, origin, createdAt);
    return { token, session: sessionOf(user, csrfToken, expiresAt) };
  }

  async logout(actor: Actor): Promise<void> {
    if (actor.session) await this.sessions.revoke(actor.session.id);
  }

  /** Throws the 401 for an admin token, which has no session. */
  async session(actor: Actor): Promise<Session> {
    const user = actor.session && (await this.prisma.client.user.findUnique({ where: { id: actor.id } }));
    if (!user || !actor.session) throw new AdminError('unauthenticated', 'There is no session.');
    return sessionOf(user, actor.session.csrfToken, actor.session.expiresAt);
  }

  async #recordLogin(user: User, origin: LoginOrigin, at: Date): Promise<void> {
    const { id, email, organizationId } = user;
    const actor: Actor = { kind: 'user', id, name: email, role: Role.parse(user.role), organizationId, ...origin };
    await this.writer.change(actor, async (transaction) => {
      await transaction.user.update({ where: { id }, data: { lastLoginAt: at } });
      return {
        result: undefined,
        audit: { action: 'login', resourceKind: 'User', resourceName: email },
        affectsConfig: false,
      };
    });
  }
}

function sessionOf(user: User, csrfToken: string, expiresAt: Date): Session {
  const { id, email, displayName } = user;
  return {
    user: { id, email, displayName, role: Role.parse(user.role) },
    csrfToken,
    expiresAt: expiresAt.toISOString(),
  };
}
