import type { Secret, SecretSpec } from '@penstock/contracts';
import type { Secret as SecretRow } from '../prisma/generated/client.ts';
import { documentOf } from '../resources/document.ts';

/** The document; never with the value. */
export function toSecret(row: SecretRow): Secret {
  const { fingerprint, valueUpdatedAt } = row;
  const value = { fingerprint, updatedAt: valueUpdatedAt.toISOString() };
  return documentOf('Secret', row, row.spec as SecretSpec, { value });
}
