import { Inject, Injectable } from '@nestjs/common';
import { Role } from '@penstock/contracts';
import { type DerivedKeys, hashAdminToken } from '@penstock/secrets';
import { CLOCK, type Clock, KEYS } from '../config/config.module.ts';
import type { AdminToken } from '../prisma/generated/client.ts';
import { PrismaService } from '../prisma/prisma.service.ts';

const TOUCH_EVERY_MS = 60_000;
const MAX_TOKEN_LENGTH = 512;

/** Who holds an admin token. */
export type TokenHolder = Omit<AdminToken, 'role'> & { readonly role: Role };

/** Looks up `Authorization: Bearer pat_...`. */
@Injectable()
export class TokenAuthenticator {
  constructor(
    private readonly prisma: PrismaService,
    @Inject(KEYS) private readonly keys: DerivedKeys,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** The holder; undefined when the token is unknown or expired. */
  async find(token: string): Promise<TokenHolder | undefined> {
    if (token === '' || token.length > MAX_TOKEN_LENGTH) return undefined;
    const tokenHash = hashAdminToken(token, this.keys.virtualKeyPepper);
    const row = await this.prisma.client.adminToken.findUnique({ where: { tokenHash } });
    const now = this.clock();
    if (!row || (row.expiresAt && row.expiresAt.getTime() <= now)) return undefined;
    if (now - (row.lastUsedAt?.getTime() ?? 0) > TOUCH_EVERY_MS) {
      await this.prisma.client.adminToken.updateMany({ where: { id: row.id }, data: { lastUsedAt: new Date(now) } });
    }
    return { ...row, role: Role.parse(row.role) };
  }
}
