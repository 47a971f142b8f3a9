import { SetMetadata } from '@nestjs/common';
import type { Role } from '@penstock/contracts';

/** Metadata key of the role that a route asks for. */
export const ROLE_KEY = 'penstock:role';

/** `public`: nobody is asked who he is. `internal`: gateways, with the internal token. */
export type RouteAccess = Role | 'public' | 'internal';

/** The least role that may use the route. A route without one is refused to everybody, and a test finds it. */
export const RequireRole = (role: RouteAccess): MethodDecorator & ClassDecorator => SetMetadata(ROLE_KEY, role);

/** Metadata key of the routes that take passwords too. */
export const PASSWORD_KEY = 'penstock:password';

/** The routes take `Authorization: Basic` and admin tokens, and no session cookies: they are for other programs. */
export const TakesPasswords = (): ClassDecorator => SetMetadata(PASSWORD_KEY, true);

const RANK: Readonly<Record<Role, number>> = { viewer: 1, admin: 2, owner: 3 };

/** Whether the role includes what is asked. */
export function includesRole(role: Role, required: Role): boolean {
  return RANK[role] >= RANK[required];
}
