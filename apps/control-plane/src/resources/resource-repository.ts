import type { PageQuery } from '@penstock/contracts';
import { invalidField } from '../common/admin-error.ts';
import type { Transaction } from '../prisma/prisma.service.ts';
import { decodeCursor, encodeCursor, escapeLike } from './page-cursor.ts';
import type { DelegateOf, ResourceRow } from './resource-row.ts';

/** One page of rows. */
export interface RowPage<Row> {
  readonly rows: readonly Row[];
  readonly total: number;
  readonly nextCursor: string | null;
}

/** A row as it is written; `columns` are those of its kind alone. */
export interface NewRow {
  readonly name: string;
  readonly labels: unknown;
  readonly annotations: unknown;
  readonly spec: unknown;
  readonly columns: object;
}

/** Which rows of an organization. */
export interface RowSelection {
  readonly names?: readonly string[];
  readonly label?: { readonly key: string; readonly value: string };
}

type SortField = 'name' | 'createdAt' | 'updatedAt';

/** Rows of one kind; every call is scoped by the organization. */
export class ResourceRepository<Row extends ResourceRow> {
  readonly #delegate: DelegateOf<Row>;
  readonly #include: object;

  /** `include` are the relations that the kind's mapper reads. */
  constructor(delegate: DelegateOf<Row>, include: object = {}) {
    this.#delegate = delegate;
    this.#include = include;
  }

  async page(client: Transaction, organizationId: string, query: PageQuery): Promise<RowPage<Row>> {
    const field = query.sort.replace(/^-/, '') as SortField;
    const direction = query.sort.startsWith('-') ? 'desc' : 'asc';
    const where = { organizationId, ...searchFilter(query.q) };
    const [found, total] = await Promise.all([
      this.#delegate(client).findMany({
        where: { AND: [where, afterCursor(query.cursor, field, direction)] },
        orderBy: [{ [field]: direction }, { id: direction }],
        take: query.limit + 1,
        ...this.#relations(),
      }),
      this.#delegate(client).count({ where }),
    ]);
    const rows = found.slice(0, query.limit);
    const last = rows.at(-1);
    const nextCursor =
      found.length > rows.length && last ? encodeCursor({ value: textOf(last[field]), id: last.id }) : null;
    return { rows, total, nextCursor };
  }

  async find(client: Transaction, organizationId: string, name: string): Promise<Row | undefined> {
    const row = await this.#delegate(client).findFirst({ where: { organizationId, name }, ...this.#relations() });
    return row ?? undefined;
  }

  /** Those of these names, or with this label, or all; by name. */
  async select(client: Transaction, organizationId: string, { names, label }: RowSelection): Promise<readonly Row[]> {
    const where = {
      organizationId,
      ...(names && { name: { in: [...names] } }),
      ...(label && { labels: { path: [label.key], equals: label.value } }),
    };
    return this.#delegate(client).findMany({ where, orderBy: { name: 'asc' }, ...this.#relations() });
  }

  async insert(client: Transaction, organizationId: string, row: NewRow, now: Date): Promise<Row> {
    const { columns, ...document } = row;
    const data = { ...document, ...columns, organizationId, createdAt: now, updatedAt: now };
    return this.#delegate(client).create({ data, ...this.#relations() });
  }

  async update(client: Transaction, id: string, row: NewRow, now: Date): Promise<Row> {
    const { columns, ...document } = row;
    const data = { ...document, ...columns, updatedAt: now, version: { increment: 1 } };
    return this.#delegate(client).update({ where: { id }, data, ...this.#relations() });
  }

  async remove(client: Transaction, id: string): Promise<void> {
    await this.#delegate(client).delete({ where: { id } });
  }

  #relations(): object {
    return Object.keys(this.#include).length === 0 ? {} : { include: this.#include };
  }
}

function searchFilter(text: string | undefined): object {
  if (!text) return {};
  const pattern = escapeLike(text);
  return {
    OR: [
      { name: { contains: pattern, mode: 'insensitive' } },
      { spec: { path: ['displayName'], string_contains: pattern, mode: 'insensitive' } },
    ],
  };
}

function afterCursor(cursor: string | undefined, field: SortField, direction: 'asc' | 'desc'): object {
  if (cursor === undefined) return {};
  const position = decodeCursor(cursor);
  const value = field === 'name' ? position.value : dateOf(position.value);
  const compare = direction === 'asc' ? 'gt' : 'lt';
  return { OR: [{ [field]: { [compare]: value } }, { [field]: value, id: { [compare]: uuidOf(position.id) } }] };
}

function uuidOf(text: string): string {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text))
    throw invalidField('cursor', 'is not a cursor of this list');
  return text;
}

function dateOf(text: string): Date {
  const date = new Date(text);
  if (Number.isNaN(date.getTime())) throw invalidField('cursor', 'is not a cursor of this list');
  return date;
}

function textOf(value: Date | string): string {
  return value instanceof Date ? value.toISOString() : value;
}
