import { Badge, Button, Group } from '@mantine/core';
import type { Quota } from '@penstock/contracts';
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
import { useListSearch } from '../../../lib/list-search.ts';
import { usePermissions } from '../../../lib/session.ts';
import { quotasQuery } from '../api/quotas.ts';
import { DeleteQuotaDialog } from '../components/delete-quota-dialog.tsx';
import { describeLimit } from '../components/describe-limit.ts';

/** The quotas. */
export function QuotasPage() {
  const list = useListSearch();
  const quotas = useQuery(quotasQuery(list.query));
  const { canWrite } = usePermissions();
  const [deleting, setDeleting] = useState<string | null>(null);

  const actions: Column<Quota> = {
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
        title="Quotas"
        description="Named bundles of limits for the organization, teams, keys, proxies, providers and their models. They hold across every gateway instance."
        actions={<WriteOnly>{newQuotaButton}</WriteOnly>}
      />
      <ListPanel noun="quotas" list={list} result={quotas}>
        <DataTable
          label="Quotas"
          columns={canWrite ? [...COLUMNS, actions] : COLUMNS}
          rows={quotas.data?.items}
          rowKey={({ metadata }) => metadata.name}
          empty={
            list.q ? (
              <EmptyState message={`No quota matches “${list.q}”.`} />
            ) : (
              <EmptyState
                message="A quota limits requests, tokens or money."
                action={<WriteOnly>{newQuotaButton}</WriteOnly>}
              />
            )
          }
        />
      </ListPanel>
      <DeleteQuotaDialog name={deleting} onClose={() => setDeleting(null)} />
    </>
  );
}

const newQuotaButton = (
  <Button component={Link} to="/quotas/new" leftSection={<IconPlus size={17} aria-hidden />}>
    New quota
  </Button>
);

const COLUMNS: readonly Column<Quota>[] = [
  {
    header: 'Name',
    render: ({ metadata, spec }) => (
      <NameCell name={metadata.name} to={`/quotas/${encodeURIComponent(metadata.name)}`} detail={spec.displayName} />
    ),
  },
  {
    header: 'Limits',
    render: ({ spec }) => (
      <Group gap={6}>
        {spec.limits.map((limit) => (
          <Badge key={`${limit.unit} ${limit.window ?? ''} ${limit.alignment ?? ''}`} variant="default" fw={450}>
            {describeLimit(limit)}
            {limit.mode === 'shadow' ? ' (only counted)' : ''}
          </Badge>
        ))}
      </Group>
    ),
  },
  { header: 'Changed', visibleFrom: 'md', render: ({ status }) => <RelativeTime iso={status.updatedAt} /> },
];
