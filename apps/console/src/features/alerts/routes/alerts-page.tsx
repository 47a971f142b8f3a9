import { Button, Group, Select, Text } from '@mantine/core';
import type { Alert, AlertKind } from '@penstock/contracts';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import { DataTable, type Column } from '../../../components/data-table.tsx';
import { EmptyState } from '../../../components/empty-state.tsx';
import { ListPanel } from '../../../components/list-panel.tsx';
import { PageHeader } from '../../../components/page-header.tsx';
import { RelativeTime } from '../../../components/relative-time.tsx';
import { useListSearch } from '../../../lib/list-search.ts';
import { alertsQuery } from '../api/alerts.ts';
import { AlertDrawer } from '../components/alert-drawer.tsx';
import { ALERT_KINDS, labelOfKind } from '../components/alert-kinds.ts';
import { AlertTabs } from '../components/alert-tabs.tsx';
import { DeliveryBadge } from '../components/delivery-badge.tsx';

/** The alerts that fired, and whether everybody was told. */
export function AlertsPage() {
  const list = useListSearch();
  const [search, setSearch] = useSearchParams();
  const kind = ALERT_KINDS.find(({ value }) => value === search.get('kind'))?.value;
  const alerts = useQuery(alertsQuery(list.query, kind));
  // By its id: what is shown of an open alert goes on being renewed.
  const [shown, setShown] = useState<string | null>(null);

  const narrow = (value: string | null) =>
    setSearch(value ? { kind: value } : {}, { replace: true, preventScrollReset: true });
  const details: Column<Alert> = {
    header: 'Details',
    hideHeader: true,
    align: 'right',
    render: ({ id, title, firedAt }) => (
      <Button
        variant="subtle"
        size="compact-sm"
        onClick={() => setShown(id)}
        aria-label={`Details of ${title} at ${firedAt}`}
      >
        Details
      </Button>
    ),
  };

  return (
    <>
      <PageHeader
        title="Alerts"
        description="What needs an eye: budgets that are nearly used, models without a price, books that differ. Each fires once in its window."
      />
      <AlertTabs />
      <ListPanel
        noun="alerts"
        list={list}
        result={alerts}
        searchable={false}
        sortable={false}
        filters={<KindSelect kind={kind} onChange={narrow} />}
      >
        <DataTable
          label="Alerts"
          columns={[...COLUMNS, details]}
          rows={alerts.data?.items}
          rowKey={({ id }) => id}
          empty={kind ? <EmptyState message="No alert of this kind has fired." /> : <NoAlerts />}
        />
      </ListPanel>
      <AlertDrawer alert={alerts.data?.items.find(({ id }) => id === shown) ?? null} onClose={() => setShown(null)} />
    </>
  );
}

interface KindSelectProps {
  readonly kind: AlertKind | undefined;
  readonly onChange: (kind: string | null) => void;
}

function KindSelect({ kind, onChange }: KindSelectProps) {
  return (
    <Select
      aria-label="Kind"
      placeholder="Every kind"
      data={[...ALERT_KINDS]}
      value={kind ?? null}
      clearable
      clearButtonProps={{ 'aria-label': 'Clear kind' }}
      w={{ base: '100%', xs: 240 }}
      onChange={onChange}
    />
  );
}

function NoAlerts() {
  return (
    <EmptyState
      message="Nothing has fired. A quota’s limit fires when it passes one of its thresholds; a channel says whom to tell."
      action={
        <Group justify="center">
          <Button component={Link} to="/quotas" variant="default">
            Set thresholds
          </Button>
          <Button component={Link} to="/alerts/channels">
            Set up channels
          </Button>
        </Group>
      }
    />
  );
}

const COLUMNS: readonly Column<Alert>[] = [
  { header: 'When', render: ({ firedAt }) => <RelativeTime iso={firedAt} /> },
  {
    header: 'Alert',
    render: ({ title, subject }) => (
      <>
        <Text fz="sm" fw={550}>
          {title}
        </Text>
        <Text fz="xs" c="dimmed">
          {subject}
        </Text>
      </>
    ),
  },
  { header: 'Kind', visibleFrom: 'md', render: ({ kind }) => labelOfKind(kind) },
  {
    header: 'Deliveries',
    visibleFrom: 'sm',
    render: ({ deliveries }) =>
      deliveries.length === 0 ? (
        <Text fz="sm" c="dimmed">
          no channel
        </Text>
      ) : (
        <Group gap={6}>
          {deliveries.map((delivery) => (
            <DeliveryBadge key={delivery.channel} delivery={delivery} named />
          ))}
        </Group>
      ),
  },
];
