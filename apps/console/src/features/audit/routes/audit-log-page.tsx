import { Button, Text } from '@mantine/core';
import type { AuditEvent } from '@penstock/contracts';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import { DataTable, type Column } from '../../../components/data-table.tsx';
import { EmptyState } from '../../../components/empty-state.tsx';
import { ListPanel } from '../../../components/list-panel.tsx';
import { PageHeader } from '../../../components/page-header.tsx';
import { RelativeTime } from '../../../components/relative-time.tsx';
import { useListSearch } from '../../../lib/list-search.ts';
import { auditEventsQuery, type AuditFilters } from '../api/audit-events.ts';
import { AuditToolbar } from '../components/audit-toolbar.tsx';
import { AuditEventDrawer, titleOf } from '../components/audit-event-drawer.tsx';

/** Who changed what. */
export function AuditLogPage() {
  const list = useListSearch();
  const [filters, setFilter] = useAuditFilters();
  const events = useQuery(auditEventsQuery(list.query, filters));
  const [shown, setShown] = useState<AuditEvent | null>(null);

  const details: Column<AuditEvent> = {
    header: 'Details',
    hideHeader: true,
    align: 'right',
    render: (event) => (
      <Button
        variant="subtle"
        size="compact-sm"
        onClick={() => setShown(event)}
        aria-label={`Details of ${titleOf(event)} at ${event.occurredAt}`}
      >
        Details
      </Button>
    ),
  };

  return (
    <>
      <PageHeader
        title="Audit log"
        description="Every change, with the document before and after. Secrets appear as fingerprints only."
      />
      <ListPanel noun="events" list={list} result={events} searchable={false} sortable={false}>
        <AuditToolbar filters={filters} onChange={setFilter} />
        <DataTable
          label="Audit log"
          columns={[...COLUMNS, details]}
          rows={events.data?.items}
          rowKey={({ id }) => id}
          empty={
            <EmptyState
              message={
                Object.keys(filters).length > 0 ? 'No event matches these filters.' : 'Nothing has been changed yet.'
              }
            />
          }
        />
      </ListPanel>
      <AuditEventDrawer event={shown} onClose={() => setShown(null)} />
    </>
  );
}

const FILTERS = ['resourceKind', 'resourceName', 'actor'] as const satisfies (keyof AuditFilters)[];

/** The filters in the URL. */
function useAuditFilters(): [AuditFilters, (name: keyof AuditFilters, value: string) => void] {
  const [search, setSearch] = useSearchParams();
  const named = FILTERS.map((name) => [name, search.get(name)] as const).filter(([, value]) => value);
  const set = (name: keyof AuditFilters, value: string) =>
    setSearch(
      (current) => {
        const next = new URLSearchParams(current);
        next.delete('cursor');
        if (value) next.set(name, value);
        else next.delete(name);
        return next;
      },
      { replace: true },
    );
  return [Object.fromEntries(named), set];
}

const COLUMNS: readonly Column<AuditEvent>[] = [
  { header: 'When', render: ({ occurredAt }) => <RelativeTime iso={occurredAt} /> },
  { header: 'By', render: ({ actor }) => actor },
  {
    header: 'Action',
    render: ({ action }) => (
      <Text fz="sm" fw={550}>
        {action}
      </Text>
    ),
  },
  { header: 'Kind', visibleFrom: 'sm', render: ({ resourceKind }) => resourceKind },
  { header: 'Resource', render: ({ resourceName }) => resourceName || '–' },
  { header: 'Address', visibleFrom: 'lg', render: ({ address }) => address },
];
