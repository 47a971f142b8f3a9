import { timingSafeEqual } from 'node:crypto';
import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Role } from '@penstock/contracts';
import { AdminError } from '../common/admin-error.ts';
import type { Actor, AuthenticatedRequest } from '../common/actor.ts';
import { CONFIG } from '../config/config.module.ts';
import type { ControlPlaneConfig } from '../config/env.ts';
import { Authenticator } from './authenticator.ts';
import { BasicAuthenticator } from './basic-authenticator.ts';
import { isSafe, requireOwnOrigin } from './request-origin.ts';
import { includesRole, PASSWORD_KEY, ROLE_KEY, type RouteAccess } from './roles.ts';

/** Deny by default: who asks, may he, and does a browser's write come from our own page. */
@Injectable()
export class AuthGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly authenticator: Authenticator,
    private readonly basic: BasicAuthenticator,
    @Inject(CONFIG) private readonly config: ControlPlaneConfig,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const required = this.reflector.getAllAndOverride<RouteAccess | undefined>(ROLE_KEY, [
      context.getHandler(),
      context.getClass(),
    ]);
    const request = context.switchToHttp().getRequest<AuthenticatedRequest>();
    if (required === 'public') return true;
    if (required === 'internal') return this.#requireInternalToken(request);
    if (required === undefined) throw new AdminError('forbidden', 'Nobody may do this.');
    const targets = [context.getHandler(), context.getClass()];
    const takesPasswords = this.reflector.getAllAndOverride<boolean | undefined>(PASSWORD_KEY, targets) ?? false;
    await this.#requireRole(request, required, takesPasswords);
    return true;
  }

  async #requireRole(request: AuthenticatedRequest, required: Role, takesPasswords: boolean): Promise<void> {
    // A browser repeats a password that it was once told, whoever's page asks.
    if (takesPasswords && !isSafe(request.method)) requireOwnOrigin(request, this.config.publicUrl);
    const actor = await this.#actorOf(request, takesPasswords);
    if (!actor) throw new AdminError('unauthenticated', 'Log in, or send a valid admin token.');
    if (actor.session && !isSafe(request.method)) {
      requireOwnOrigin(request, this.config.publicUrl);
      const presented = request.headers['x-csrf-token'];
      if (typeof presented !== 'string' || !sameText(presented, actor.session.csrfToken)) {
        throw new AdminError('csrf', 'The header x-csrf-token is missing or wrong.');
      }
    }
    if (!includesRole(actor.role, required)) {
      throw new AdminError('forbidden', `This needs the role ${required}.`);
    }
    request.actor = actor;
  }

  /** Programs show a password or an admin token; their cookies say nothing. */
  async #actorOf(request: AuthenticatedRequest, takesPasswords: boolean): Promise<Actor | undefined> {
    if (!takesPasswords) return this.authenticator.authenticate(request);
    if (request.headers.authorization === undefined) return undefined;
    return (await this.basic.authenticate(request)) ?? this.authenticator.authenticate(request);
  }

  #requireInternalToken(request: AuthenticatedRequest): true {
    const token = this.authenticator.bearerOf(request);
    if (token !== undefined && sameText(token, this.authenticator.internalToken)) return true;
    throw new AdminError('unauthenticated', 'The internal token is missing or wrong.');
  }
}

function sameText(left: string, right: string): boolean {
  const [first, second] = [Buffer.from(left), Buffer.from(right)];
  return first.length === second.length && timingSafeEqual(first, second);
}
