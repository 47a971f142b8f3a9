import { useCallback, useMemo } from 'react';
import { useSearchParams } from 'react-router';

/** How many rows a page of a list has. */
export const PAGE_SIZE = 25;

/** Query of a list as the admin API takes it. */
export interface ListQuery {
  readonly limit: number;
  readonly cursor?: string;
  readonly q?: string;
  readonly sort?: string;
}

/** Search text, order and page of a list; all of it stands in the URL. */
export interface ListSearch {
  readonly query: ListQuery;
  readonly q: string;
  readonly sort: string;
  /** Page number, 1 first. */
  readonly page: number;
  readonly setQ: (q: string) => void;
  readonly setSort: (sort: string) => void;
  readonly next: (cursor: string) => void;
  readonly previous: () => void;
}

/**
 * The list's state in the URL: `q`, `sort` and one `cursor` for each page that was turned, so that "previous" works
 * after a reload too.
 */
export function useListSearch(defaultSort = 'name'): ListSearch {
  const [search, setSearch] = useSearchParams();
  const change = useCallback(
    (edit: (next: URLSearchParams) => void, replace: boolean) =>
      setSearch(
        (current) => {
          const next = new URLSearchParams(current);
          edit(next);
          return next;
        },
        { replace },
      ),
    [setSearch],
  );
  return useMemo(() => {
    const cursors = search.getAll('cursor');
    const cursor = cursors.at(-1);
    const q = search.get('q') ?? '';
    const sort = search.get('sort') ?? defaultSort;
    return {
      query: { limit: PAGE_SIZE, sort, ...(cursor ? { cursor } : {}), ...(q ? { q } : {}) },
      q,
      sort,
      page: cursors.length + 1,
      setQ: (text) => change((next) => restart(next, 'q', text), true),
      setSort: (order) => change((next) => restart(next, 'sort', order === defaultSort ? '' : order), true),
      next: (following) => change((next) => next.append('cursor', following), false),
      previous: () =>
        change((next) => {
          next.delete('cursor');
          for (const earlier of cursors.slice(0, -1)) next.append('cursor', earlier);
        }, false),
    };
  }, [search, change, defaultSort]);
}

function restart(search: URLSearchParams, name: string, value: string): void {
  search.delete('cursor');
  if (value) search.set(name, value);
  else search.delete(name);
}
