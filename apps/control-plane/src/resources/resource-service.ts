import type { PageQuery } from '@penstock/contracts';
import { AdminError, invalidField, takenField } from '../common/admin-error.ts';
import type { Actor } from '../common/actor.ts';
import { type Json, mergePatch } from '../common/merge-patch.ts';
import { parseOrRefuse } from '../common/validation.ts';
import { requireMatch, Versioned } from '../common/versioned.ts';
import type { Transaction } from '../prisma/prisma.service.ts';
import type { Manifest, ResourceKind, WriteContext } from './resource-kind.ts';
import type { ResourceRow } from './resource-row.ts';
import type { ResourceTools } from './resource-tools.ts';
import { auditDocumentOf, removeDocument, writeDocument } from './write-document.ts';

/** A page of documents. */
export interface DocumentPage<Document> {
  readonly items: readonly Document[];
  readonly total: number;
  readonly nextCursor: string | null;
}

/** Reads and writes the documents of one kind. Every write is one transaction with its audit row and config revision. */
export class ResourceService<Spec, Row extends ResourceRow, Document extends { readonly status: object }> {
  constructor(
    readonly kind: ResourceKind<Spec, Row, Document>,
    protected readonly tools: ResourceTools,
  ) {}

  async list(actor: Actor, query: PageQuery): Promise<DocumentPage<Document>> {
    const page = await this.kind.repository.page(this.tools.prisma.client, actor.organizationId, query);
    return { items: page.rows.map((row) => this.kind.toDocument(row)), total: page.total, nextCursor: page.nextCursor };
  }

  async get(actor: Actor, name: string): Promise<Versioned<Document>> {
    return this.present(await this.require(this.tools.prisma.client, actor, name));
  }

  async create(actor: Actor, manifest: Manifest<Spec>): Promise<Versioned<Document>> {
    const { name } = manifest.metadata;
    await this.kind.vet?.(manifest.spec);
    return this.tools.writer.change(actor, async (transaction) => {
      if (await this.kind.repository.find(transaction, actor.organizationId, name)) {
        throw takenField('metadata.name', `A ${this.kind.kind} named '${name}' exists already.`);
      }
      const { row, revealed } = await this.#write(manifest, this.#context(transaction, actor, name));
      const audit = this.audit('create', name, { after: this.auditDocument(row) });
      return { result: this.present(row, revealed), audit, ...this.#effect() };
    });
  }

  async replace(actor: Actor, name: string, manifest: Manifest<Spec>, ifMatch?: string): Promise<Versioned<Document>> {
    await this.kind.vet?.(manifest.spec);
    return this.#update(actor, name, ifMatch, () => manifest);
  }

  /** Applies a JSON merge patch to the document and validates what comes of it. */
  async patch(
    actor: Actor,
    name: string,
    patch: Readonly<Record<string, Json>>,
    ifMatch?: string,
  ): Promise<Versioned<Document>> {
    await this.kind.vet?.(patch['spec']);
    return this.#update(actor, name, ifMatch, (row) => {
      const { labels, annotations, spec } = row;
      const current = { metadata: { name, labels, annotations }, spec } as unknown as Json;
      return parseOrRefuse(this.kind.manifest, mergePatch(current, patch));
    });
  }

  async remove(actor: Actor, name: string, ifMatch?: string): Promise<void> {
    await this.tools.writer.change(actor, async (transaction) => {
      const row = await this.require(transaction, actor, name);
      requireMatch(ifMatch, row);
      const before = this.auditDocument(row);
      await removeDocument(this.kind, transaction, row);
      return { result: undefined, audit: this.audit('delete', name, { before }), ...this.#effect() };
    });
  }

  /** The document of a row; `revealed` goes into the status of this one answer. */
  protected present(row: Row, revealed: Readonly<Record<string, string>> = {}): Versioned<Document> {
    const document = this.kind.toDocument(row);
    return new Versioned({ ...document, status: { ...document.status, ...revealed } }, row);
  }

  protected auditDocument(row: Row): unknown {
    return auditDocumentOf(this.kind, row);
  }

  protected audit(action: string, name: string, documents: { readonly before?: unknown; readonly after?: unknown }) {
    return { action, resourceKind: this.kind.kind, resourceName: name, ...documents };
  }

  /** The row, or the 404. */
  protected async require(client: Transaction, actor: Actor, name: string): Promise<Row> {
    const row = await this.kind.repository.find(client, actor.organizationId, name);
    if (!row) throw new AdminError('not_found', `There is no ${this.kind.kind} named '${name.slice(0, 253)}'.`);
    return row;
  }

  #effect(): { readonly affectsConfig?: boolean } {
    return this.kind.affectsConfig === undefined ? {} : { affectsConfig: this.kind.affectsConfig };
  }

  #context(transaction: Transaction, actor: Actor, name: string, existing?: Row): WriteContext<Row> {
    return { transaction, actor, name, existing, now: new Date(this.tools.clock()) };
  }

  async #update(
    actor: Actor,
    name: string,
    ifMatch: string | undefined,
    manifestOf: (row: Row) => Manifest<Spec>,
  ): Promise<Versioned<Document>> {
    return this.tools.writer.change(actor, async (transaction) => {
      const existing = await this.require(transaction, actor, name);
      this.kind.requireMutable?.(existing);
      requireMatch(ifMatch, existing);
      const manifest = manifestOf(existing);
      if (manifest.metadata.name !== name) {
        const [noun, to] = [this.kind.noun ?? this.kind.kind, manifest.metadata.name];
        const message = `cannot change ${noun} handle from '${name}' to '${to}'; use create/delete instead`;
        throw invalidField('metadata.name', message);
      }
      const before = this.auditDocument(existing);
      const { row, revealed } = await this.#write(manifest, this.#context(transaction, actor, name, existing));
      const audit = this.audit('update', name, { before, after: this.auditDocument(row) });
      return { result: this.present(row, revealed), audit, ...this.#effect() };
    });
  }

  async #write(manifest: Manifest<Spec>, context: WriteContext<Row>) {
    const prepared = await this.kind.prepare(manifest.spec, context);
    return { row: await writeDocument(this.kind, manifest, prepared, context), revealed: prepared.revealed };
  }
}
