import { randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { DerivedKeys } from '@penstock/secrets';
import { CLOCK, type Clock, KEYS } from '../config/config.module.ts';
import type { Session, User } from '../prisma/generated/client.ts';
import { PrismaService, type Transaction } from '../prisma/prisma.service.ts';
import { csrfTokenOf, hashSessionToken } from './session-cookie.ts';

const IDLE_MS = 30 * 60_000;
const ABSOLUTE_MS = 12 * 3_600_000;
/** `last_seen_at` is written at most this often. */
const TOUCH_EVERY_MS = 60_000;

/** A session that was just made; its token goes into the cookie and is not kept. */
export interface NewSession {
  readonly token: string;
  readonly csrfToken: string;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

/** Sessions of the console: opaque tokens, kept as hashes, idle after 30 minutes and over after 12 hours. */
@Injectable()
export class SessionStore {
  constructor(
    private readonly prisma: PrismaService,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(KEYS) private readonly keys: DerivedKeys,
  ) {}

  async create(user: User, address: string): Promise<NewSession> {
    const token = randomBytes(32).toString('base64url');
    const now = new Date(this.clock());
    const expiresAt = new Date(now.getTime() + ABSOLUTE_MS);
    await this.prisma.client.$transaction([
      this.prisma.client.session.deleteMany({ where: { expiresAt: { lt: now } } }),
      this.prisma.client.session.create({
        data: {
          organizationId: user.organizationId,
          userId: user.id,
          tokenHash: hashSessionToken(token),
          createdAt: now,
          lastSeenAt: now,
          expiresAt,
          address,
        },
      }),
    ]);
    return { token, csrfToken: this.csrfToken(token), createdAt: now, expiresAt };
  }

  /** The living session of a token with its user; undefined when it is unknown, idle, over, or the user is disabled. */
  async find(token: string): Promise<(Session & { user: User }) | undefined> {
    const now = this.clock();
    const session = await this.prisma.client.session.findUnique({
      where: { tokenHash: hashSessionToken(token) },
      include: { user: true },
    });
    if (!session || session.user.disabled || session.expiresAt.getTime() <= now) return undefined;
    const idleMs = now - session.lastSeenAt.getTime();
    if (idleMs > IDLE_MS) return undefined;
    if (idleMs > TOUCH_EVERY_MS) {
      await this.prisma.client.session.updateMany({ where: { id: session.id }, data: { lastSeenAt: new Date(now) } });
    }
    return session;
  }

  /** What writes with this session's cookie must send as `x-csrf-token`. */
  csrfToken(token: string): string {
    return csrfTokenOf(token, this.keys.sessionKey);
  }

  async revoke(id: string): Promise<void> {
    await this.prisma.client.session.deleteMany({ where: { id } });
  }

  async revokeAllOf(transaction: Transaction, userId: string): Promise<void> {
    await transaction.session.deleteMany({ where: { userId } });
  }
}
