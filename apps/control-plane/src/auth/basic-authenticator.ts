import { createHmac } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { Role } from '@penstock/contracts';
import type { DerivedKeys } from '@penstock/secrets';
import type { FastifyRequest } from 'fastify';
import type { Actor } from '../common/actor.ts';
import { CLOCK, type Clock, KEYS } from '../config/config.module.ts';
import type { User } from '../prisma/generated/client.ts';
import { PrismaService } from '../prisma/prisma.service.ts';
import { type Credentials, PasswordCheck } from './password-check.ts';

/** How long verified credentials need not be hashed again; the account is looked at each time. */
const REMEMBERED_MS = 60_000;
const MAX_REMEMBERED = 1_000;
const MAX_HEADER_LENGTH = 1_024;

interface Verified {
  readonly passwordHash: string;
  readonly until: number;
}

/**
 * Reads `Authorization: Basic ...`. Hashing a password is dear and counts as an attempt, and such a client sends it with every
 * request: equal ones at the same time are verified once, and a success holds for a minute unless the account changes.
 */
@Injectable()
export class BasicAuthenticator {
  readonly #verified = new Map<string, Verified>();
  readonly #running = new Map<string, Promise<User>>();

  constructor(
    private readonly prisma: PrismaService,
    private readonly check: PasswordCheck,
    @Inject(KEYS) private readonly keys: DerivedKeys,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Who asks; undefined for what is no basic credential. Throws the 401 for a wrong one and the 429 while locked. */
  async authenticate(request: FastifyRequest): Promise<Actor | undefined> {
    const credentials = readBasic(request.headers.authorization ?? '');
    if (!credentials) return undefined;
    const { id, email, role, organizationId } = await this.#find(credentials, request.ip);
    const origin = { requestId: request.id, address: request.ip };
    return { kind: 'user', id, name: email, role: Role.parse(role), organizationId, ...origin };
  }

  async #find(credentials: Credentials, address: string): Promise<User> {
    const id = this.#id(credentials, address);
    const known = await this.#remembered(id, credentials.email.toLowerCase());
    if (known) return known;
    const running = this.#running.get(id) ?? this.#verify(id, credentials, address);
    this.#running.set(id, running);
    return running.finally(() => this.#running.delete(id));
  }

  async #remembered(id: string, email: string): Promise<User | undefined> {
    const verified = this.#verified.get(id);
    if (!verified || verified.until <= this.clock()) return undefined;
    const user = await this.prisma.client.user.findUnique({ where: { email } });
    return user && !user.disabled && user.passwordHash === verified.passwordHash ? user : undefined;
  }

  async #verify(id: string, credentials: Credentials, address: string): Promise<User> {
    const user = await this.check.verify(credentials, address);
    const [oldest] = this.#verified.keys();
    if (this.#verified.size >= MAX_REMEMBERED && oldest !== undefined) this.#verified.delete(oldest);
    this.#verified.set(id, { passwordHash: user.passwordHash, until: this.clock() + REMEMBERED_MS });
    return user;
  }

  #id({ email, password }: Credentials, address: string): string {
    const text = JSON.stringify(['basic', address, email, password]);
    return createHmac('sha256', this.keys.sessionKey).update(text).digest('base64url');
  }
}

function readBasic(header: string): Credentials | undefined {
  const encoded = /^basic +([A-Za-z0-9+/=_-]+)$/i.exec(header)?.[1];
  if (encoded === undefined || header.length > MAX_HEADER_LENGTH) return undefined;
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  if (colon < 1 || text.includes('\u0000')) return undefined;
  return { email: text.slice(0, colon), password: text.slice(colon + 1) };
}
