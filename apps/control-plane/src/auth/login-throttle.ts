import { createHmac } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { DerivedKeys } from '@penstock/secrets';
import { AdminError } from '../common/admin-error.ts';
import { DEFAULT_ORGANIZATION_ID } from '../common/organization.ts';
import { CLOCK, type Clock, KEYS } from '../config/config.module.ts';
import { PrismaService } from '../prisma/prisma.service.ts';

/** Attempts that are free; each further failure doubles the wait. */
const FREE_FAILURES = 5;
const FIRST_LOCK_SECONDS = 10;
const MAX_LOCK_SECONDS = 900;
const FORGET_AFTER_SECONDS = 900;

/**
 * Slows down guessing, per account and address. An attempt is counted before the password is looked at, so that a thousand
 * attempts at once are not a thousand guesses; a success forgets them all.
 */
@Injectable()
export class LoginThrottle {
  constructor(
    private readonly prisma: PrismaService,
    @Inject(KEYS) private readonly keys: DerivedKeys,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Counts an attempt. Throws the 429 while the account is locked for this address. */
  async admit(email: string, address: string): Promise<void> {
    const id = this.#id(email, address);
    const now = new Date(this.clock());
    const forgetBefore = new Date(now.getTime() - FORGET_AFTER_SECONDS * 1000);
    const admitted = await this.prisma.client.$executeRaw`
      INSERT INTO login_attempt AS a (id, organization_id, failures, updated_at)
      VALUES (${id}, ${DEFAULT_ORGANIZATION_ID}::uuid, 1, ${now})
      ON CONFLICT (id) DO UPDATE SET
        failures = CASE WHEN a.updated_at < ${forgetBefore} THEN 1 ELSE a.failures + 1 END,
        locked_until = CASE
          WHEN a.updated_at < ${forgetBefore} OR a.failures + 1 < ${FREE_FAILURES} THEN NULL
          ELSE ${now}::timestamptz + make_interval(secs =>
            least(${MAX_LOCK_SECONDS}::float8, ${FIRST_LOCK_SECONDS} * 2.0 ^ least(a.failures + 1 - ${FREE_FAILURES}, 20))) END,
        updated_at = ${now}
      WHERE a.locked_until IS NULL OR a.locked_until <= ${now}`;
    if (admitted === 0) throw await this.#locked(id, now);
  }

  /** Forgets the failures after a success. */
  async forget(email: string, address: string): Promise<void> {
    await this.prisma.client.loginAttempt.deleteMany({ where: { id: this.#id(email, address) } });
  }

  async #locked(id: string, now: Date): Promise<AdminError> {
    const attempt = await this.prisma.client.loginAttempt.findUnique({ where: { id } });
    const waitMs = (attempt?.lockedUntil?.getTime() ?? now.getTime()) - now.getTime();
    const retryAfterSeconds = Math.max(1, Math.ceil(waitMs / 1000));
    return new AdminError('too_many_attempts', 'Too many failed attempts; wait and try again.', { retryAfterSeconds });
  }

  #id(email: string, address: string): string {
    return createHmac('sha256', this.keys.sessionKey).update(`login ${email}\n${address}`).digest('base64url');
  }
}
