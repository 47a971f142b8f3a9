import type { Transaction } from '../prisma/prisma.service.ts';

/** What the tables of all kinds have in common. */
export interface ResourceRow {
  readonly id: string;
  readonly organizationId: string;
  readonly name: string;
  readonly labels: unknown;
  readonly annotations: unknown;
  readonly spec: unknown;
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** The calls of a Prisma delegate that the repository makes; each kind's delegate has them under its own types. */
export interface ResourceDelegate<Row> {
  findMany(args: object): Promise<Row[]>;
  findFirst(args: object): Promise<Row | null>;
  count(args: object): Promise<number>;
  create(args: object): Promise<Row>;
  update(args: object): Promise<Row>;
  delete(args: object): Promise<unknown>;
}

/** Picks the delegate of a kind out of the client. */
export type DelegateOf<Row> = (client: Transaction) => ResourceDelegate<Row>;
