import { Badge, Button, Group } from '@mantine/core';
import type { ModelPrice } from '@penstock/contracts';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import { DataTable, type Column } from '../../../components/data-table.tsx';
import { EmptyState } from '../../../components/empty-state.tsx';
import { ListPanel } from '../../../components/list-panel.tsx';
import { NameCell } from '../../../components/name-cell.tsx';
import { PageHeader } from '../../../components/page-header.tsx';
import { RelativeTime } from '../../../components/relative-time.tsx';
import { RowMenu } from '../../../components/row-menu.tsx';
import { WriteOnly } from '../../../components/write-only.tsx';
import { formatPrice } from '../../../lib/format-cost.ts';
import { formatDateTime } from '../../../lib/format-time.ts';
import { useListSearch } from '../../../lib/list-search.ts';
import { usePermissions } from '../../../lib/session.ts';
import { modelPricesQuery } from '../api/model-prices.ts';
import { DeletePriceDialog } from '../components/delete-price-dialog.tsx';
import { PriceTabs } from '../components/price-tabs.tsx';

/** What the models of providers cost. */
export function ModelPricesPage() {
  const list = useListSearch();
  const prices = useQuery(modelPricesQuery(list.query));
  const { canWrite } = usePermissions();
  const [deleting, setDeleting] = useState<string | null>(null);

  const actions: Column<ModelPrice> = {
    header: 'Actions',
    hideHeader: true,
    align: 'right',
    render: ({ metadata: { name } }) => (
      <RowMenu
        label={`Actions for ${name}`}
        actions={[{ label: 'Delete', icon: IconTrash, danger: true, onClick: () => setDeleting(name) }]}
      />
    ),
  };

  return (
    <>
      <PageHeader
        title="Model prices"
        description="Your own prices of a million tokens; they go before the catalog’s list prices. Costs in usage and cost limits are counted with the price that holds when a request is made."
        actions={<WriteOnly>{newPriceButton}</WriteOnly>}
      />
      <PriceTabs />
      <ListPanel noun="prices" list={list} result={prices}>
        <DataTable
          label="Model prices"
          columns={canWrite ? [...COLUMNS, actions] : COLUMNS}
          rows={prices.data?.items}
          rowKey={({ metadata }) => metadata.name}
          empty={
            list.q ? (
              <EmptyState message={`No price matches “${list.q}”.`} />
            ) : (
              <EmptyState
                message="Nothing overrides the catalog’s list prices. Without a price, requests to a model have no cost, and cost limits do not count them."
                action={
                  <Group justify="center">
                    <Button component={Link} to="/unpriced-models" variant="default">
                      Models without a price
                    </Button>
                    <WriteOnly>{newPriceButton}</WriteOnly>
                  </Group>
                }
              />
            )
          }
        />
      </ListPanel>
      <DeletePriceDialog name={deleting} onClose={() => setDeleting(null)} />
    </>
  );
}

const newPriceButton = (
  <Button component={Link} to="/model-prices/new" leftSection={<IconPlus size={17} aria-hidden />}>
    New price
  </Button>
);

const COLUMNS: readonly Column<ModelPrice>[] = [
  {
    header: 'Name',
    render: ({ metadata: { name } }) => <NameCell name={name} to={`/model-prices/${encodeURIComponent(name)}`} />,
  },
  { header: 'Provider', visibleFrom: 'sm', render: ({ spec }) => spec.provider },
  {
    header: 'Model',
    render: ({ spec }) => (
      <>
        {spec.model}
        {spec.tiers && spec.tiers.length > 0 && (
          <Badge variant="default" fw={450} size="sm" ml={6}>
            {spec.tiers.length === 1 ? '1 tier' : `${spec.tiers.length} tiers`}
          </Badge>
        )}
      </>
    ),
  },
  { header: 'Input', align: 'right', render: ({ spec }) => formatPrice(spec.inputPerMillion) },
  { header: 'Output', align: 'right', render: ({ spec }) => formatPrice(spec.outputPerMillion) },
  {
    header: 'Cached input',
    align: 'right',
    visibleFrom: 'lg',
    render: ({ spec }) => formatPrice(spec.cachedInputPerMillion ?? spec.inputPerMillion),
  },
  {
    header: 'Reasoning',
    align: 'right',
    visibleFrom: 'lg',
    render: ({ spec }) => formatPrice(spec.reasoningPerMillion ?? spec.outputPerMillion),
  },
  {
    header: 'Effective from',
    visibleFrom: 'md',
    render: ({ spec }) => (spec.effectiveFrom === undefined ? 'always' : formatDateTime(spec.effectiveFrom)),
  },
  { header: 'Changed', visibleFrom: 'xl', render: ({ status }) => <RelativeTime iso={status.updatedAt} /> },
];
