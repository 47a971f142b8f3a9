import type { ConfigSnapshot, RolledBackDocument } from '@penstock/contracts';
import type { AuditEntry } from '../audit-events/audit-log.ts';
import type { Actor } from '../common/actor.ts';
import type { Transaction } from '../prisma/prisma.service.ts';
import {
  attachQuotas,
  type AttachmentSubject,
  type QuotaField,
  resolveQuotas,
} from '../resources/quota-attachments.ts';
import type { NewRow, ResourceRepository } from '../resources/resource-repository.ts';
import type { ResourceRow } from '../resources/resource-row.ts';
import { storeDocument } from '../resources/store-document.ts';

/** What a rollback has to know about a kind of document. */
export interface RestorableKind<Row extends ResourceRow> {
  readonly kind: RolledBackDocument['kind'];
  readonly repository: ResourceRepository<Row>;
  /** What the audit log keeps of a row. */
  describe(row: Row): unknown;
}

/** A document as a rollback writes it. */
export interface RestoredDocument<Row> {
  readonly name: string;
  /** Undefined: it was deleted since and is made again. */
  readonly existing: Row | undefined;
  readonly spec: object;
  /** Columns of this kind's table; none are changed where it is left out. */
  readonly columns?: object;
  readonly undeployed?: boolean;
  /** Writes what hangs on the row. */
  readonly attach?: (id: string) => Promise<void>;
}

/** One rollback at work: writes documents of one organization and remembers what it did to them. */
export class Restoration {
  readonly changes: RolledBackDocument[] = [];
  readonly audit: AuditEntry[] = [];
  /** Providers that had a credential then and have none now. */
  readonly withoutCredential: string[] = [];
  /** Proxies that showed a provider a credential then and have none for it now. */
  readonly proxiesWithoutCredential: string[] = [];
  readonly earlier: ConfigSnapshot;
  readonly organizationId: string;

  constructor(
    readonly transaction: Transaction,
    actor: Actor,
    earlier: ConfigSnapshot,
    readonly now: Date,
  ) {
    this.organizationId = actor.organizationId;
    this.earlier = ownedBy(actor.organizationId, earlier);
  }

  async find<Row extends ResourceRow>({ repository }: RestorableKind<Row>, name: string): Promise<Row | undefined> {
    return repository.find(this.transaction, this.organizationId, name);
  }

  /** Writes one document, what hangs on it, and the row that the audit log will get. */
  async write<Row extends ResourceRow>(kind: RestorableKind<Row>, document: RestoredDocument<Row>): Promise<void> {
    const { name, existing, undeployed = false } = document;
    const attach = async ({ id }: { readonly id: string }): Promise<void> => document.attach?.(id);
    const before = existing && kind.describe(existing);
    const current = await storeDocument(kind.repository, this, { existing, row: rowOf(document), attach });
    const after = kind.describe(current);
    this.audit.push({ action: 'roll back', resourceKind: kind.kind, resourceName: name, before, after });
    const change = undeployed ? 'undeployed' : existing ? 'changed' : 'created';
    this.changes.push({ kind: kind.kind, name, change });
  }

  /** Attaches exactly the quotas that these fields name, all of which must be there already. */
  async attach(subject: AttachmentSubject, fields: readonly QuotaField[]): Promise<void> {
    const quotas = await resolveQuotas(this.transaction, this.organizationId, fields);
    await attachQuotas(this.transaction, this.organizationId, subject, quotas);
  }
}

/** Labels and annotations are those of now. */
function rowOf<Row extends ResourceRow>({ name, existing, spec, columns = {} }: RestoredDocument<Row>): NewRow {
  return { name, labels: existing?.labels ?? {}, annotations: existing?.annotations ?? {}, spec, columns };
}

/** A snapshot holds every organization; nobody rolls back another one's. */
function ownedBy(organizationId: string, snapshot: ConfigSnapshot): ConfigSnapshot {
  const owned = (entity: { readonly organizationId: string }): boolean => entity.organizationId === organizationId;
  return {
    ...snapshot,
    organizations: snapshot.organizations.filter(({ id }) => id === organizationId),
    providers: snapshot.providers.filter(owned),
    proxies: snapshot.proxies.filter(owned),
    teams: snapshot.teams.filter(owned),
    virtualKeys: snapshot.virtualKeys.filter(owned),
  };
}
