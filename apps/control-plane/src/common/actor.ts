import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Role } from '@penstock/contracts';
import type { FastifyRequest } from 'fastify';

/** Who asks, and from where; written into the audit log. */
export interface Actor {
  readonly kind: 'user' | 'admin-token' | 'system';
  readonly id: string;
  /** Email of a user, name of a token. */
  readonly name: string;
  readonly role: Role;
  readonly organizationId: string;
  readonly requestId: string;
  readonly address: string;
  /** Set when a session cookie was used. */
  readonly session?: { readonly id: string; readonly csrfToken: string; readonly expiresAt: Date };
}

/** A request after the guard. */
export interface AuthenticatedRequest extends FastifyRequest {
  actor?: Actor;
}

/** The actor of the request; a route without one never gets here, the guard refuses it. */
export const CurrentActor = createParamDecorator((_: unknown, context: ExecutionContext): Actor => {
  const { actor } = context.switchToHttp().getRequest<AuthenticatedRequest>();
  if (!actor) throw new Error('the route was reached without an actor');
  return actor;
});

/** What start-up and background work do is done by this actor. */
export function systemActor(organizationId: string): Actor {
  return { kind: 'system', id: '', name: 'system', role: 'owner', organizationId, requestId: '', address: '' };
}
