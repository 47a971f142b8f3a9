import type { ApiKey, ApiKeySpec, CreateApiKey, VirtualKeySpec } from '@penstock/contracts';
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
  /** Of a key that is a document: its spec, without the secret. */
  readonly document?: Omit<ApiKeySpec, 'apiKey'>;
  readonly isDocument?: boolean;
}

/** What is stored of a key that this actor makes. */
export function newRecord(actor: Actor, wanted: Omit<CreateApiKey, 'name'>, handle: string): ApiKeyRecord {
  const { kind, id, name } = actor;
  const { displayName = handle, maskedApiKey, externalRefId, issuer } = wanted;
  const source = wanted.apiKey === undefined ? 'local' : 'external';
  return { displayName, source, createdBy: { kind, id, name }, maskedApiKey, externalRefId, issuer };
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
export function toApiKey(row: KeyRow, parentName: string, now: number): ApiKey {
  const { displayName, source, createdBy, maskedApiKey, externalRefId, issuer } = recordOf(row);
  return {
    name: row.handle ?? row.name,
    displayName,
    maskedApiKey: maskedApiKey ?? maskOf(row),
    apiId: parentName,
    status: statusOf(row, now),
    createdAt: row.createdAt.toISOString(),
    createdBy: createdBy.name,
    expiresAt: (row.spec as VirtualKeySpec).expiresAt,
    source,
    ...(externalRefId !== undefined && { externalRefId }),
    ...(issuer !== undefined && { issuer }),
  };
}

/** How a key is shown that says nothing about that. */
export function maskOf({ secrets: [current] }: KeyRow): string {
  return `${current?.prefix ?? ''}****${current?.lastFour ?? ''}`;
}

/** What may be done with the key. */
export function statusOf(row: KeyRow, now: number): ApiKey['status'] {
  const { expiresAt, enabled } = row.spec as VirtualKeySpec;
  // One that was disabled through `/api/v1` opens nothing either.
  if (row.revokedAt || !enabled) return 'revoked';
  return expiresAt !== null && Date.parse(expiresAt) <= now ? 'expired' : 'active';
}
