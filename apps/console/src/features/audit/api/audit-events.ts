import type { AuditEvent } from '@penstock/contracts';
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, unwrap } from '../../../lib/api-client.ts';
import type { ListQuery } from '../../../lib/list-search.ts';

/** What the audit log can be narrowed to; each has to match exactly. */
export interface AuditFilters {
  readonly resourceKind?: string;
  readonly resourceName?: string;
  readonly actor?: string;
}

/** A page of the audit log, the newest first. */
export const auditEventsQuery = ({ limit, cursor }: ListQuery, filters: AuditFilters) =>
  queryOptions({
    queryKey: ['audit-events', { limit, cursor }, filters],
    queryFn: async ({ signal }) => {
      const query = { limit, ...(cursor ? { cursor } : {}), ...filters };
      const page = await unwrap(api.GET('/api/v1/audit-events', { params: { query }, signal }));
      return { ...page, items: page.items as AuditEvent[] };
    },
    placeholderData: keepPreviousData,
  });
