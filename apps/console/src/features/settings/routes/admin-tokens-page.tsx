import { Button, Paper, Text } from '@mantine/core';
import type { AdminToken } from '@penstock/contracts';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { ConfirmDialog } from '../../../components/confirm-dialog.tsx';
import { DataTable, type Column } from '../../../components/data-table.tsx';
import { EmptyState } from '../../../components/empty-state.tsx';
import { ErrorPanel } from '../../../components/error-panel.tsx';
import { PageHeader } from '../../../components/page-header.tsx';
import { RelativeTime } from '../../../components/relative-time.tsx';
import { RowMenu } from '../../../components/row-menu.tsx';
import { notifyDone } from '../../../lib/notify.ts';
import { usePermissions } from '../../../lib/session.ts';
import { adminTokensQuery, useDeleteAdminToken } from '../api/admin-tokens.ts';
import { SettingsTabs } from '../components/settings-tabs.tsx';
import { TokenDialog } from '../components/token-dialog.tsx';

/** Tokens for scripts, pipelines and the command line. */
export function AdminTokensPage() {
  const tokens = useQuery(adminTokensQuery);
  const { canWrite } = usePermissions();
  const [creating, setCreating] = useState(false);
  const [deleting, setDeleting] = useState<AdminToken | null>(null);
  const actions: Column<AdminToken> = {
    header: 'Actions',
    hideHeader: true,
    align: 'right',
    render: (token) => (
      <RowMenu
        label={`Actions for ${token.name}`}
        actions={[{ label: 'Delete', icon: IconTrash, danger: true, onClick: () => setDeleting(token) }]}
      />
    ),
  };
  const newToken = canWrite && (
    <Button leftSection={<IconPlus size={17} aria-hidden />} onClick={() => setCreating(true)}>
      New admin token
    </Button>
  );
  return (
    <>
      <PageHeader title="Settings" actions={newToken} />
      <SettingsTabs />
      {tokens.error && !tokens.data ? (
        <ErrorPanel error={tokens.error} onRetry={() => void tokens.refetch()} />
      ) : (
        <Paper bg="var(--penstock-surface)">
          <DataTable
            label="Admin tokens"
            columns={canWrite ? [...COLUMNS, actions] : COLUMNS}
            rows={tokens.data?.items}
            rowKey={({ id }) => id}
            empty={
              <EmptyState
                message="Admin tokens let scripts and pipelines use the management API; they cannot call models."
                action={newToken}
              />
            }
          />
        </Paper>
      )}
      <TokenDialog opened={creating} onClose={() => setCreating(false)} />
      <DeleteTokenDialog token={deleting} onClose={() => setDeleting(null)} />
    </>
  );
}

const COLUMNS: readonly Column<AdminToken>[] = [
  {
    header: 'Name',
    render: ({ name }) => (
      <Text fz="sm" fw={550}>
        {name}
      </Text>
    ),
  },
  {
    header: 'Token',
    visibleFrom: 'sm',
    render: ({ prefix }) => (
      <Text fz="sm" ff="monospace">
        {prefix}…
      </Text>
    ),
  },
  { header: 'Role', render: ({ role }) => role },
  { header: 'Last used', render: ({ lastUsedAt }) => <RelativeTime iso={lastUsedAt} /> },
  { header: 'Expires', visibleFrom: 'sm', render: ({ expiresAt }) => <RelativeTime iso={expiresAt} /> },
  { header: 'Created', visibleFrom: 'md', render: ({ createdAt }) => <RelativeTime iso={createdAt} /> },
];

interface DeleteTokenDialogProps {
  readonly token: AdminToken | null;
  readonly onClose: () => void;
}

function DeleteTokenDialog({ token, onClose }: DeleteTokenDialogProps) {
  const remove = useDeleteAdminToken();
  if (token === null) return null;
  return (
    <ConfirmDialog
      opened
      title={`Delete token ${token.name}`}
      action="Delete token"
      onClose={onClose}
      onConfirm={async () => {
        await remove.mutateAsync(token.id);
        notifyDone(`Token ${token.name} was deleted.`);
      }}
    >
      Whatever uses it is refused at once.
    </ConfirmDialog>
  );
}
