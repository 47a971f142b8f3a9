import { Grid, Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useSearchParams } from 'react-router';
import { DataTable } from '../../../components/data-table.tsx';
import { EmptyState } from '../../../components/empty-state.tsx';
import { ListPanel } from '../../../components/list-panel.tsx';
import { PageHeader } from '../../../components/page-header.tsx';
import { QueryGate } from '../../../components/query-gate.tsx';
import { useListSearch } from '../../../lib/list-search.ts';
import { templatesQuery } from '../../providers/api/templates.ts';
import { catalogModelsQuery, priceCatalogQuery } from '../api/price-catalog.ts';
import { CATALOG_COLUMNS } from '../components/catalog-columns.tsx';
import { CatalogStatusSection } from '../components/catalog-status-section.tsx';
import { PriceTabs } from '../components/price-tabs.tsx';

/** List prices of vendors, which hold where nobody has set a price. */
export function PriceCatalogPage() {
  const status = useQuery(priceCatalogQuery);
  return (
    <>
      <PageHeader
        title="Price catalog"
        description="List prices of vendors, in US dollars for a million tokens. They hold where you have set no price of your own."
      />
      <PriceTabs />
      <Grid gap="lg">
        <Grid.Col span={{ base: 12, lg: 8 }} order={{ base: 2, lg: 1 }}>
          <CatalogModels />
        </Grid.Col>
        <Grid.Col span={{ base: 12, lg: 4 }} order={{ base: 1, lg: 2 }}>
          <QueryGate result={status}>{(found) => <CatalogStatusSection status={found} />}</QueryGate>
        </Grid.Col>
      </Grid>
    </>
  );
}

function CatalogModels() {
  const list = useListSearch();
  const [search, setSearch] = useSearchParams();
  const template = search.get('template') ?? undefined;
  const models = useQuery(catalogModelsQuery(list.query, template));
  const templates = useQuery(templatesQuery).data?.items ?? [];
  const narrow = (name: string | null) =>
    setSearch(
      (current) => {
        const next = new URLSearchParams(current);
        next.delete('cursor');
        if (name) next.set('template', name);
        else next.delete('template');
        return next;
      },
      { replace: true },
    );
  return (
    <ListPanel
      noun="models"
      list={list}
      result={models}
      sortable={false}
      filters={
        <Select
          aria-label="Template"
          placeholder="Every template"
          data={templates.map(({ metadata, spec }) => ({ value: metadata.name, label: spec.displayName }))}
          value={template ?? null}
          searchable
          clearable
          clearButtonProps={{ 'aria-label': 'Clear template' }}
          nothingFoundMessage="Nothing found"
          w={{ base: '100%', xs: 220 }}
          onChange={narrow}
        />
      }
    >
      <DataTable
        label="Catalog"
        columns={CATALOG_COLUMNS}
        rows={models.data?.items}
        rowKey={(model) => `${model.template} ${model.model}`}
        empty={
          <EmptyState
            message={
              list.q || template
                ? 'The catalog has no such model. Set a price of your own for it.'
                : 'The catalog is empty.'
            }
          />
        }
      />
    </ListPanel>
  );
}
