import { Button, Code, Group } from '@mantine/core';
import type { LlmProxy } from '@penstock/contracts';
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
import { StateBadge } from '../../../components/state-badge.tsx';
import { WriteOnly } from '../../../components/write-only.tsx';
import { useListSearch } from '../../../lib/list-search.ts';
import { usePermissions } from '../../../lib/session.ts';
import { proxiesQuery } from '../api/proxies.ts';
import { DeleteProxyDialog } from '../components/delete-proxy-dialog.tsx';

/** The proxies. */
export function ProxiesPage() {
  const list = useListSearch();
  const proxies = useQuery(proxiesQuery(list.query));
  const { canWrite } = usePermissions();
  const [deleting, setDeleting] = useState<string | null>(null);

  const actions: Column<LlmProxy> = {
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
        title="Proxies"
        description="Public endpoints: each has a path of its own and sends requests to one or more providers."
        actions={<WriteOnly>{newProxyButton}</WriteOnly>}
      />
      <ListPanel noun="proxies" list={list} result={proxies}>
        <DataTable
          label="Proxies"
          columns={canWrite ? [...COLUMNS, actions] : COLUMNS}
          rows={proxies.data?.items}
          rowKey={({ metadata }) => metadata.name}
          empty={
            list.q ? (
              <EmptyState message={`No proxy matches “${list.q}”.`} />
            ) : (
              <EmptyState
                message="A proxy is the address that applications call."
                action={<WriteOnly>{newProxyButton}</WriteOnly>}
              />
            )
          }
        />
      </ListPanel>
      <DeleteProxyDialog name={deleting} onClose={() => setDeleting(null)} />
    </>
  );
}

const newProxyButton = (
  <Button component={Link} to="/proxies/new" leftSection={<IconPlus size={17} aria-hidden />}>
    New proxy
  </Button>
);

const COLUMNS: readonly Column<LlmProxy>[] = [
  {
    header: 'Name',
    render: ({ metadata, spec }) => (
      <NameCell name={metadata.name} to={`/proxies/${encodeURIComponent(metadata.name)}`} detail={spec.displayName} />
    ),
  },
  { header: 'Context', render: ({ spec }) => <Code>{spec.context}</Code> },
  {
    header: 'Providers',
    visibleFrom: 'sm',
    render: ({ spec }) => [spec.provider.id, ...spec.additionalProviders.map(({ id }) => id)].join(', '),
  },
  { header: 'Models', visibleFrom: 'md', render: ({ spec }) => spec.models.map(({ name }) => name).join(', ') || '–' },
  {
    header: 'State',
    render: ({ spec, status }) => (
      <Group gap={6}>
        <StateBadge tone={status.state === 'deployed' ? 'good' : 'neutral'} label={status.state} />
        {spec.authentication === 'none' && <StateBadge tone="warning" label="open" />}
      </Group>
    ),
  },
  { header: 'Changed', visibleFrom: 'lg', render: ({ status }) => <RelativeTime iso={status.updatedAt} /> },
];
