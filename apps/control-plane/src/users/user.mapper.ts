import { Role, type User } from '@penstock/contracts';
import type { User as UserRow } from '../prisma/generated/client.ts';

/** Never the password's hash. */
export function toUser(row: UserRow): User {
  return {
    id: row.id,
    email: row.email,
    displayName: row.displayName,
    role: Role.parse(row.role),
    disabled: row.disabled,
    createdAt: row.createdAt.toISOString(),
    lastLoginAt: row.lastLoginAt?.toISOString() ?? null,
  };
}
