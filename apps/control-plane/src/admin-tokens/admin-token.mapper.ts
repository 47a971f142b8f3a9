import { type AdminToken, Role } from '@penstock/contracts';
import type { AdminToken as AdminTokenRow } from '../prisma/generated/client.ts';

/** Never the token's hash. */
export function toAdminToken(row: AdminTokenRow): AdminToken {
  return {
    id: row.id,
    name: row.name,
    role: Role.parse(row.role),
    prefix: row.prefix,
    createdAt: row.createdAt.toISOString(),
    expiresAt: row.expiresAt?.toISOString() ?? null,
    lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
  };
}
