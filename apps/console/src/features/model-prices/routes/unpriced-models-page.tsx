import { Anchor, Button, Paper, Text } from '@mantine/core';
import type { UnknownPriceModel } from '@penstock/contracts';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { DataTable, type Column } from '../../../components/data-table.tsx';
import { EmptyState } from '../../../components/empty-state.tsx';
import { ErrorPanel } from '../../../components/error-panel.tsx';
import { PageHeader } from '../../../components/page-header.tsx';
import { formatCount } from '../../../lib/format-number.ts';
import { usePermissions } from '../../../lib/session.ts';
import { unpricedModelsQuery } from '../api/price-catalog.ts';
import { PriceTabs } from '../components/price-tabs.tsx';

/** The models whose cost is unknown. */
export function UnpricedModelsPage() {
  const models = useQuery(unpricedModelsQuery);
  const { canWrite } = usePermissions();
  return (
    <>
      <PageHeader
        title="Models without a price"
        description="Neither you nor the catalog have a price for these. Their requests of the last 30 days have no cost, and no budget counts them."
      />
      <PriceTabs />
      {models.error && !models.data ? (
        <ErrorPanel error={models.error} onRetry={() => void models.refetch()} />
      ) : (
        <Paper bg="var(--penstock-surface)">
          <DataTable
            label="Models without a price"
            columns={canWrite ? [...COLUMNS, SET_PRICE] : COLUMNS}
            rows={models.data?.items}
            rowKey={({ provider, upstreamModel }) => `${provider ?? ''} ${upstreamModel}`}
            empty={<EmptyState message="Every model that was asked for in the last 30 days had a price." />}
          />
        </Paper>
      )}
    </>
  );
}

const COLUMNS: readonly Column<UnknownPriceModel>[] = [
  {
    header: 'Model',
    render: ({ model, upstreamModel }) => (
      <>
        <Text fz="sm" fw={550} style={{ overflowWrap: 'anywhere' }}>
          {model}
        </Text>
        {upstreamModel !== model && (
          <Text fz="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
            {upstreamModel}
          </Text>
        )}
      </>
    ),
  },
  {
    header: 'Provider',
    render: ({ provider }) =>
      provider === null ? (
        '–'
      ) : (
        <Anchor component={Link} to={`/providers/${encodeURIComponent(provider)}`} fz="sm">
          {provider}
        </Anchor>
      ),
  },
  { header: 'Requests', align: 'right', render: ({ requests }) => formatCount(requests) },
];

const SET_PRICE: Column<UnknownPriceModel> = {
  header: 'Actions',
  hideHeader: true,
  align: 'right',
  render: ({ provider, model }) => (
    <Button
      component={Link}
      to={`/model-prices/new?${new URLSearchParams({ ...(provider ? { provider } : {}), model }).toString()}`}
      variant="default"
      size="compact-sm"
      aria-label={`Set a price for ${model}${provider === null ? '' : ` of ${provider}`}`}
    >
      Set a price
    </Button>
  ),
};
