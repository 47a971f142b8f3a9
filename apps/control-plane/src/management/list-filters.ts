import type { ManagementDocument } from './management-document.ts';

/** Query parameters that lists can be narrowed by. */
export type ListFilter = 'displayName' | 'version' | 'context' | 'status' | 'vhost';

/**
 * Those of the documents that have exactly the values that the query names. Parameters that the list does not know, such as
 * `limit` and `offset`, change nothing.
 */
export function filterDocuments(
  documents: readonly ManagementDocument[],
  filters: readonly ListFilter[],
  query: Readonly<Record<string, unknown>>,
): readonly ManagementDocument[] {
  const wanted = filters.filter((filter) => query[filter] !== undefined && query[filter] !== '');
  return documents.filter((document) => wanted.every((filter) => valueOf(document, filter) === query[filter]));
}

function valueOf({ spec, status }: ManagementDocument, filter: ListFilter): unknown {
  return filter === 'status' ? status.state : new Map<string, unknown>(Object.entries(spec)).get(filter);
}
