import { invalidField } from '../common/admin-error.ts';

/** The id that a list goes on after; ids of lists without names serve as their cursors. Throws the 400. */
export function idCursor(cursor: string | undefined): string | undefined {
  if (cursor === undefined) return undefined;
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(cursor)) return cursor;
  throw invalidField('cursor', 'is not a cursor of this list');
}

/** A page out of one row more than was asked for. */
export function idPage<Row extends { readonly id: string }, Item>(
  rows: readonly Row[],
  { limit, total, toItem }: { readonly limit: number; readonly total: number; readonly toItem: (row: Row) => Item },
) {
  const shown = rows.slice(0, limit);
  return { items: shown.map(toItem), total, nextCursor: rows.length > limit ? (shown.at(-1)?.id ?? null) : null };
}
