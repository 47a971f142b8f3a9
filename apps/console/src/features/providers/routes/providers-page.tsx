import { Button, Code, Text } from '@mantine/core';
import type { LlmProvider } from '@penstock/contracts';
import { IconPlugConnected, IconPlus, IconTrash } from '@tabler/icons-react';
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
import { providersQuery } from '../api/providers.ts';
import { DeleteProviderDialog } from '../components/delete-provider-dialog.tsx';
import { TestSavedDialog } from '../components/test-saved-dialog.tsx';

/** The providers. */
export function ProvidersPage() {
  const list = useListSearch();
  const providers = useQuery(providersQuery(list.query));
  const { canWrite } = usePermissions();
  const [testing, setTesting] = useState<string | null>(null);
  const [deleting, setDeleting] = useState<string | null>(null);

  const actions: Column<LlmProvider> = {
    header: 'Actions',
    hideHeader: true,
    align: 'right',
    render: ({ metadata: { name } }) => (
      <RowMenu
        label={`Actions for ${name}`}
        actions={[
          { label: 'Test connection', icon: IconPlugConnected, onClick: () => setTesting(name) },
          { label: 'Delete', icon: IconTrash, danger: true, onClick: () => setDeleting(name) },
        ]}
      />
    ),
  };

  return (
    <>
      <PageHeader
        title="Providers"
        description="Vendors and vLLM servers that requests can go to. Credentials are stored encrypted and never shown again."
        actions={<WriteOnly>{newProviderButton}</WriteOnly>}
      />
      <ListPanel noun="providers" list={list} result={providers}>
        <DataTable
          label="Providers"
          columns={canWrite ? [...COLUMNS, actions] : COLUMNS}
          rows={providers.data?.items}
          rowKey={({ metadata }) => metadata.name}
          empty={
            list.q ? (
              <EmptyState message={`No provider matches “${list.q}”.`} />
            ) : (
              <EmptyState
                message="A provider is where requests go: a vendor’s account or your own vLLM server."
                action={<WriteOnly>{newProviderButton}</WriteOnly>}
              />
            )
          }
        />
      </ListPanel>
      <TestSavedDialog name={testing} onClose={() => setTesting(null)} />
      <DeleteProviderDialog name={deleting} onClose={() => setDeleting(null)} />
    </>
  );
}

const newProviderButton = (
  <Button component={Link} to="/providers/new" leftSection={<IconPlus size={17} aria-hidden />}>
    New provider
  </Button>
);

const COLUMNS: readonly Column<LlmProvider>[] = [
  {
    header: 'Name',
    render: ({ metadata, spec }) => (
      <NameCell name={metadata.name} to={`/providers/${encodeURIComponent(metadata.name)}`} detail={spec.displayName} />
    ),
  },
  { header: 'Template', render: ({ spec }) => spec.template, visibleFrom: 'sm' },
  {
    header: 'Base URL',
    visibleFrom: 'md',
    render: ({ spec }) => <Code style={{ overflowWrap: 'anywhere' }}>{spec.upstream.url}</Code>,
  },
  { header: 'Models', visibleFrom: 'sm', render: ({ spec }) => modelsText(spec.models) },
  {
    header: 'Credential',
    visibleFrom: 'lg',
    render: ({ status }) =>
      status.credential ? (
        <Text fz="sm" ff="monospace">
          …{status.credential.lastFour}
        </Text>
      ) : (
        <Text fz="sm" c="dimmed">
          none
        </Text>
      ),
  },
  {
    header: 'State',
    render: ({ status }) => <StateBadge tone={status.state === 'deployed' ? 'good' : 'neutral'} label={status.state} />,
  },
  { header: 'Changed', visibleFrom: 'lg', render: ({ status }) => <RelativeTime iso={status.updatedAt} /> },
];

function modelsText(models: LlmProvider['spec']['models']): string {
  if (!models) return 'any';
  return models.length === 1 ? (models[0]?.id ?? '') : `${models.length} models`;
}
