import { AuditEvent } from '@penstock/contracts';
import type { AuditEvent as AuditEventRow } from '../prisma/generated/client.ts';

export function toAuditEvent(row: AuditEventRow): AuditEvent {
  return {
    id: row.id,
    occurredAt: row.occurredAt.toISOString(),
    actor: row.actor,
    actorKind: AuditEvent.shape.actorKind.parse(row.actorKind),
    action: row.action,
    resourceKind: row.resourceKind,
    resourceName: row.resourceName,
    before: row.before as AuditEvent['before'],
    after: row.after as AuditEvent['after'],
    requestId: row.requestId,
    address: row.address,
  };
}
