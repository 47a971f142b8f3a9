import { timingSafeEqual } from 'node:crypto';
import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Role } from '@penstock/contracts';
import { AdminError } from '../common/admin-error.ts';
import type { AuthenticatedRequest } from '../common/actor.ts';
import { CONFIG } from '../config/config.module.ts';
import type { ControlPlaneConfig } from '../config/env.ts';
import { Authenticator } from './authenticator.ts';
import { isSafe, requireOwnOrigin } from './request-origin.ts';
import { includesRole, ROLE_KEY, type RouteAccess } from './roles.ts';

/** Deny by default: who asks, may he, and does a browser's write come from our own page. */
@Injectable()
export class AuthGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly authenticator: Authenticator,
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
    await this.#requireRole(request, required);
    return true;
  }

  async #requireRole(request: AuthenticatedRequest, required: Role): Promise<void> {
    const actor = await this.authenticator.authenticate(request);
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
