import type { UsageGroup } from '@penstock/contracts';
import { Prisma } from '../prisma/generated/client.ts';
import type { UsageFilter, UsageRange } from './usage-range.ts';

/** What to sum up. */
export interface UsageQuestion {
  readonly organizationId: string;
  readonly range: UsageRange;
  readonly filter: UsageFilter;
  readonly groupBy: UsageGroup | undefined;
  /** Only these groups. */
  readonly names?: readonly string[];
}

/** Columns of `usage_event` that hold the names. */
export const EVENT_COLUMNS: Readonly<Record<UsageGroup, Prisma.Sql>> = {
  key: Prisma.sql`virtual_key_name`,
  team: Prisma.sql`team_name`,
  proxy: Prisma.sql`proxy_name`,
  provider: Prisma.sql`provider_name`,
  model: Prisma.sql`upstream_model`,
  user: Prisma.sql`user_tag`,
};
/** Columns of the tables of sums by everything together; these know no users. */
const ROLLUP_COLUMNS: Readonly<Record<UsageGroup, Prisma.Sql>> = { ...EVENT_COLUMNS, model: Prisma.sql`model` };

/** Names that a filter gives. */
export function givenNames(filter: UsageFilter): readonly (readonly [UsageGroup, string])[] {
  const entries = Object.entries(filter) as [UsageGroup, string | undefined][];
  return entries.filter((entry): entry is [UsageGroup, string] => entry[1] !== undefined);
}

/**
 * The one kind of name that a question is about, `all` where it is about none; undefined where it is about several, so that
 * sums by one name alone cannot answer it.
 */
export function dimensionOf({ filter, groupBy }: UsageQuestion): UsageGroup | 'all' | undefined {
  const kinds = new Set(givenNames(filter).map(([kind]) => kind));
  if (groupBy !== undefined) kinds.add(groupBy);
  const [kind = 'all'] = kinds;
  return kinds.size > 1 ? undefined : kind;
}

/** Whether a question is about several kinds of names, users among them: only the events know. */
export function onlyEventsKnow(question: UsageQuestion): boolean {
  if (dimensionOf(question) !== undefined) return false;
  return question.groupBy === 'user' || question.filter.user !== undefined;
}

/** What a group is called in the rows of a table; empty where it has no name or nothing is grouped. */
export function nameColumn({ groupBy }: UsageQuestion, table: 'events' | 'rollups'): Prisma.Sql {
  if (groupBy === undefined) return Prisma.sql`''`;
  const columns = table === 'events' ? EVENT_COLUMNS : ROLLUP_COLUMNS;
  return Prisma.sql`coalesce(${columns[groupBy]}, '')`;
}

/** Conditions that the filter and the wanted names add to those of a table; each begins with AND. */
export function nameConditions(question: UsageQuestion, table: 'events' | 'rollups'): Prisma.Sql {
  const columns = table === 'events' ? EVENT_COLUMNS : ROLLUP_COLUMNS;
  const given = givenNames(question.filter).map(([kind, name]) => Prisma.sql`AND ${columns[kind]} = ${name}`);
  const wanted = question.names
    ? [Prisma.sql`AND ${nameColumn(question, table)} = ANY(${question.names}::text[])`]
    : [];
  const all = [...given, ...wanted];
  return all.length === 0 ? Prisma.empty : Prisma.join(all, ' ');
}

/** The same on the rows `r` of a table of sums by one name alone. */
export function groupConditions({ filter, names }: UsageQuestion): Prisma.Sql {
  const given = givenNames(filter).map(([, name]) => Prisma.sql`AND r.name = ${name}`);
  const all = names ? [...given, Prisma.sql`AND r.name = ANY(${names}::text[])`] : given;
  return all.length === 0 ? Prisma.empty : Prisma.join(all, ' ');
}
