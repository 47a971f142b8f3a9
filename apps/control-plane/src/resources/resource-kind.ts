import type { Metadata } from '@penstock/contracts';
import type { z } from 'zod';
import type { Actor } from '../common/actor.ts';
import type { Transaction } from '../prisma/prisma.service.ts';
import type { ResourceRow } from './resource-row.ts';
import type { ResourceRepository } from './resource-repository.ts';

/** A document as it is written. */
export interface Manifest<Spec> {
  readonly metadata: Metadata;
  readonly spec: Spec;
}

/** What goes on around one write: who writes, inside which transaction, over which row. */
export interface WriteContext<Row> {
  readonly transaction: Transaction;
  readonly actor: Actor;
  readonly name: string;
  /** Undefined while it is created. */
  readonly existing: Row | undefined;
  readonly now: Date;
}

/** What a kind makes of a spec before it is stored. */
export interface PreparedSpec {
  /** The spec as it is stored; without secrets. */
  readonly spec: unknown;
  /** Columns of this kind's table, such as foreign keys. */
  readonly columns: object;
  /** Writes what hangs on the row, such as attachments. */
  readonly attach: (row: { readonly id: string }) => Promise<void>;
  /** Goes into the status of this one answer and nowhere else. */
  readonly revealed?: Readonly<Record<string, string>>;
  /** Fields whose secret is another one than the stored one: the spec does not tell. */
  readonly changedSecrets?: readonly string[];
}

/** Everything that tells one kind from another. */
export interface ResourceKind<Spec, Row extends ResourceRow, Document extends { readonly status: object }> {
  readonly kind: string;
  /** What messages call a document of the kind; `kind` where it is left out. */
  readonly noun?: string;
  /** False: the data plane knows nothing of this kind, so that a write makes no config revision. */
  readonly affectsConfig?: boolean;
  /** There is one in every organization, which is neither created nor deleted. */
  readonly singleton?: true;
  readonly manifest: z.ZodType<Manifest<Spec>>;
  readonly repository: ResourceRepository<Row>;
  toDocument(row: Row): Document;
  /** What the audit log keeps; the document where it is left out. */
  toAuditDocument?(row: Row): unknown;
  /** Checks that take time, before the transaction begins; `spec` is the spec, or the part of it that a patch changes. */
  vet?(spec: unknown): Promise<void>;
  /** Checks what only the database can tell, and resolves references. Throws an `AdminError`. */
  prepare(spec: Spec, context: WriteContext<Row>): Promise<PreparedSpec>;
  /** What still refers to the row, in words such as `LlmProxy shop`; empty when it may go. */
  references(transaction: Transaction, row: Row): Promise<readonly string[]>;
  /** Throws when this row may not be changed at all. */
  requireMutable?(row: Row): void;
  /** Whether an export has the row; every row where it is left out. */
  isExported?(row: Row): boolean;
}
