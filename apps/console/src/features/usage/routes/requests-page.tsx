import { Button, Group, Paper, Text } from '@mantine/core';
import type { UsageEvent } from '@penstock/contracts';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { DataTable, type Column } from '../../../components/data-table.tsx';
import { EmptyState } from '../../../components/empty-state.tsx';
import { ErrorPanel } from '../../../components/error-panel.tsx';
import { PageHeader } from '../../../components/page-header.tsx';
import { formatCount } from '../../../lib/format-number.ts';
import { useOrganizationTimeZone } from '../../settings/api/organization.ts';
import { usageEventsQuery } from '../api/usage-events.ts';
import { ExportButton } from '../components/export-button.tsx';
import { RequestDrawer } from '../components/request-drawer.tsx';
import { REQUEST_COLUMNS } from '../components/request-columns.tsx';
import { RequestToolbar } from '../components/request-toolbar.tsx';
import { describeRange } from '../components/usage-range.ts';
import { UsageTabs } from '../components/usage-tabs.tsx';
import { useUsageView } from '../components/use-usage-view.ts';

/** Single requests, the newest first. Range and filters stand in the URL. */
export function RequestsPage() {
  const { view, change } = useUsageView();
  const events = useInfiniteQuery(usageEventsQuery(view));
  const defaultTimeZone = useOrganizationTimeZone();
  const [shown, setShown] = useState<UsageEvent | null>(null);
  const rows = events.data?.pages.flatMap(({ items }) => items);

  return (
    <>
      <PageHeader
        title="Requests"
        description={`Single requests of ${describeRange(view.range)}. Prompts and answers are never stored.`}
        actions={<ExportButton view={view} file="export.csv" />}
      />
      <UsageTabs />
      <RequestToolbar
        view={view}
        timeZone={view.timeZone ?? defaultTimeZone}
        onChange={change}
        onRefresh={() => void events.refetch()}
        refreshing={events.isRefetching}
      />
      {events.error && !rows ? (
        <ErrorPanel error={events.error} onRetry={() => void events.refetch()} />
      ) : (
        <Paper bg="var(--penstock-surface)">
          <DataTable
            label="Requests"
            columns={[...REQUEST_COLUMNS, detailsColumn(setShown)]}
            rows={rows}
            rowKey={({ id }) => id}
            empty={
              <EmptyState message="No request finished in this range. A request appears here a few seconds after it." />
            }
          />
          {rows && rows.length > 0 && <Continuation events={events} shown={rows.length} />}
        </Paper>
      )}
      <RequestDrawer event={shown} timeZone={view.timeZone ?? defaultTimeZone} onClose={() => setShown(null)} />
    </>
  );
}

function detailsColumn(show: (event: UsageEvent) => void): Column<UsageEvent> {
  return {
    header: 'Details',
    hideHeader: true,
    align: 'right',
    render: (event) => (
      <Button
        variant="subtle"
        size="compact-sm"
        onClick={() => show(event)}
        aria-label={`Details of request ${event.requestId}`}
      >
        Details
      </Button>
    ),
  };
}

interface ContinuationProps {
  readonly events: {
    readonly data?: { readonly pages: readonly { readonly total: number }[] } | undefined;
    readonly hasNextPage: boolean;
    readonly isFetchingNextPage: boolean;
    fetchNextPage(): unknown;
  };
  /** Requests that the table has by now. */
  readonly shown: number;
}

function Continuation({ events, shown }: ContinuationProps) {
  const total = events.data?.pages.at(-1)?.total ?? shown;
  return (
    <Group justify="space-between" p="sm" px="md" className="tabular">
      <Text fz="sm" c="dimmed" role="status">
        {`${formatCount(shown)} of ${totalOf(total)} requests`}
      </Text>
      {events.hasNextPage && (
        <Button
          size="xs"
          variant="default"
          loading={events.isFetchingNextPage}
          onClick={() => void events.fetchNextPage()}
        >
          Load more
        </Button>
      )}
    </Group>
  );
}

/** The control plane counts no further. */
const MOST_COUNTED = 10_000;

function totalOf(total: number): string {
  return total >= MOST_COUNTED ? `${formatCount(MOST_COUNTED)} or more` : formatCount(total);
}
