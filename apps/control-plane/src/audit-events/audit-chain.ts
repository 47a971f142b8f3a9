import { createHash } from 'node:crypto';
import { canonicalJson } from '../common/canonical-json.ts';

/** What the hash of an audit row covers; its place in the chain comes through `previousHash`. */
export interface AuditContent {
  readonly id: string;
  readonly organizationId: string;
  readonly sequence: bigint;
  readonly occurredAt: Date;
  readonly actor: string;
  readonly actorKind: string;
  readonly action: string;
  readonly resourceKind: string;
  readonly resourceName: string;
  readonly before: unknown;
  readonly after: unknown;
  readonly requestId: string;
  readonly address: string;
}

/** Where each organization's chain begins. */
export const FIRST_PREVIOUS_HASH = '0'.repeat(64);

/** SHA-256 over the previous row's hash and this row's canonical JSON, hexadecimal. */
export function auditHash(previousHash: string, row: AuditContent): string {
  const content = {
    id: row.id,
    organizationId: row.organizationId,
    sequence: row.sequence.toString(),
    occurredAt: row.occurredAt.toISOString(),
    actor: row.actor,
    actorKind: row.actorKind,
    action: row.action,
    resourceKind: row.resourceKind,
    resourceName: row.resourceName,
    before: row.before ?? null,
    after: row.after ?? null,
    requestId: row.requestId,
    address: row.address,
  };
  return createHash('sha256').update(previousHash).update(canonicalJson(content)).digest('hex');
}

/** Sequence of the first row that does not follow from the one before it; undefined when the chain is whole. */
export function findBrokenLink(
  rows: Iterable<AuditContent & { readonly previousHash: string; readonly hash: string }>,
): bigint | undefined {
  let previousHash = FIRST_PREVIOUS_HASH;
  let expected = 1n;
  for (const row of rows) {
    if (row.sequence !== expected || row.previousHash !== previousHash) return row.sequence;
    if (row.hash !== auditHash(previousHash, row)) return row.sequence;
    previousHash = row.hash;
    expected += 1n;
  }
  return undefined;
}
