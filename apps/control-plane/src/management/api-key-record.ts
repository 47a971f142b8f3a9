import type { ApiKey, VirtualKeySpec } from '@penstock/contracts';
import type { Actor } from '../common/actor.ts';
import type { KeyRow } from '../virtual-keys/virtual-key.mapper.ts';

/** What is stored of an API key beside its virtual key. */
export interface ApiKeyRecord {
  readonly displayName: string;
  readonly source: 'local' | 'external';
  readonly createdBy: Pick<Actor, 'kind' | 'id' | 'name'>;
  /** How lists show a key that was made elsewhere. */
  readonly maskedApiKey?: string | undefined;
  readonly externalRefId?: string | undefined;
  readonly issuer?: string | undefined;
}

export function recordOf(row: Pick<KeyRow, 'apiKey'>): ApiKeyRecord {
  return row.apiKey as unknown as ApiKeyRecord;
}

/** Whether this actor has made the key. */
export function isCreatedBy({ createdBy }: ApiKeyRecord, { kind, id }: Actor): boolean {
  return createdBy.kind === kind && createdBy.id === id;
}

/** Whether the key opens anything. */
export function isInForce(row: KeyRow, now: number): boolean {
  return statusOf(row, now) === 'active';
}

/** An API key as lists show it: never with its secret. */
export function toApiKey(row: KeyRow, proxyName: string, now: number): ApiKey {
  const { displayName, source, createdBy, maskedApiKey, externalRefId, issuer } = recordOf(row);
  const [current] = row.secrets;
  return {
    name: row.handle ?? row.name,
    displayName,
    maskedApiKey: maskedApiKey ?? `${current?.prefix ?? ''}****${current?.lastFour ?? ''}`,
    apiId: proxyName,
    status: statusOf(row, now),
    createdAt: row.createdAt.toISOString(),
    createdBy: createdBy.name,
    expiresAt: (row.spec as VirtualKeySpec).expiresAt,
    source,
    ...(externalRefId !== undefined && { externalRefId }),
    ...(issuer !== undefined && { issuer }),
  };
}

function statusOf(row: KeyRow, now: number): ApiKey['status'] {
  const { expiresAt, enabled } = row.spec as VirtualKeySpec;
  // One that was disabled through `/api/v1` opens nothing either.
  if (row.revokedAt || !enabled) return 'revoked';
  return expiresAt !== null && Date.parse(expiresAt) <= now ? 'expired' : 'active';
}
