import { Inject, Injectable } from '@nestjs/common';
import { Role } from '@penstock/contracts';
import { type DerivedKeys, deriveInternalToken } from '@penstock/secrets';
import type { FastifyRequest } from 'fastify';
import type { Actor } from '../common/actor.ts';
import { CONFIG, KEYS } from '../config/config.module.ts';
import type { ControlPlaneConfig } from '../config/env.ts';
import { type SessionCookie, sessionCookie } from './session-cookie.ts';
import { SessionStore } from './session-store.ts';
import { TokenAuthenticator } from './token-authenticator.ts';

/** Finds out who asks: an admin token, or the console's session cookie. */
@Injectable()
export class Authenticator {
  readonly cookie: SessionCookie;
  /** What gateways send to the internal API. */
  readonly internalToken: string;

  constructor(
    private readonly tokens: TokenAuthenticator,
    private readonly sessions: SessionStore,
    @Inject(CONFIG) config: ControlPlaneConfig,
    @Inject(KEYS) keys: DerivedKeys,
  ) {
    this.cookie = sessionCookie(config);
    this.internalToken = config.internalToken ?? deriveInternalToken(keys);
  }

  /** A presented token that is wrong is not made good by a cookie. */
  async authenticate(request: FastifyRequest): Promise<Actor | undefined> {
    const origin = { requestId: request.id, address: request.ip };
    if (request.headers.authorization !== undefined) {
      const bearer = this.bearerOf(request);
      const holder = bearer === undefined ? undefined : await this.tokens.find(bearer);
      if (!holder) return undefined;
      const { id, name, role, organizationId } = holder;
      return { kind: 'admin-token', id, name, role, organizationId, ...origin };
    }
    const token = request.cookies[this.cookie.name];
    const session = token ? await this.sessions.find(token) : undefined;
    if (!token || !session) return undefined;
    const { user } = session;
    return {
      kind: 'user',
      id: user.id,
      name: user.email,
      role: Role.parse(user.role),
      organizationId: user.organizationId,
      ...origin,
      session: { id: session.id, csrfToken: this.sessions.csrfToken(token), expiresAt: session.expiresAt },
    };
  }

  /** The token of `Authorization: Bearer ...`. */
  bearerOf(request: FastifyRequest): string | undefined {
    return /^bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
  }
}
