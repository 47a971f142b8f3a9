import type { VirtualKey, VirtualKeySpec } from '@penstock/contracts';
import type { VirtualKeySecret, VirtualKey as VirtualKeyRow } from '../prisma/generated/client.ts';
import { documentOf } from '../resources/document.ts';

/** A key with its secrets, newest first: the current one, and the previous ones of rotations. */
export type KeyRow = VirtualKeyRow & { readonly secrets: readonly VirtualKeySecret[] };

export function toVirtualKey(row: KeyRow, now: Date): VirtualKey {
  const [current, previous] = row.secrets;
  const previousExpiresAt = previous?.expiresAt && previous.expiresAt > now ? previous.expiresAt.toISOString() : null;
  return documentOf('VirtualKey', row, row.spec as VirtualKeySpec, {
    state: stateOf(row, now),
    prefix: current?.prefix ?? '',
    lastFour: current?.lastFour ?? '',
    revokedAt: row.revokedAt?.toISOString() ?? null,
    previousExpiresAt,
    lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
  });
}

function stateOf(row: KeyRow, now: Date): VirtualKey['status']['state'] {
  const { enabled, expiresAt } = row.spec as VirtualKeySpec;
  if (row.revokedAt) return 'revoked';
  if (expiresAt !== null && new Date(expiresAt) <= now) return 'expired';
  return enabled ? 'active' : 'disabled';
}
