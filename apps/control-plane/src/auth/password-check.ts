import { Injectable } from '@nestjs/common';
import { AdminError } from '../common/admin-error.ts';
import type { User } from '../prisma/generated/client.ts';
import { PrismaService } from '../prisma/prisma.service.ts';
import { LoginThrottle } from './login-throttle.ts';
import { verifyPassword } from './password-hash.ts';

/** What a person shows to say who he is. */
export interface Credentials {
  readonly email: string;
  readonly password: string;
}

/** A hash that no password has, so that an unknown account takes as long as a wrong password. */
const NOBODYS_HASH =
  '$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA';

/** Finds the user that credentials belong to, and slows down guessing. */
@Injectable()
export class PasswordCheck {
  constructor(
    private readonly prisma: PrismaService,
    private readonly throttle: LoginThrottle,
  ) {}

  /** Throws one and the same 401 for an unknown account, a wrong password and a disabled user; 429 while locked. */
  async verify(credentials: Credentials, address: string): Promise<User> {
    const email = credentials.email.toLowerCase();
    await this.throttle.admit(email, address);
    const user = await this.prisma.client.user.findUnique({ where: { email } });
    const matches = await verifyPassword(credentials.password, user?.passwordHash ?? NOBODYS_HASH);
    if (!user || !matches || user.disabled) throw new AdminError('unauthenticated', 'Email or password is wrong.');
    await this.throttle.forget(email, address);
    return user;
  }
}
