import { Button, Paper, Text } from '@mantine/core';
import type { User } from '@penstock/contracts';
import { IconPencil, IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { DataTable, type Column } from '../../../components/data-table.tsx';
import { EmptyState } from '../../../components/empty-state.tsx';
import { ErrorPanel } from '../../../components/error-panel.tsx';
import { PageHeader } from '../../../components/page-header.tsx';
import { RelativeTime } from '../../../components/relative-time.tsx';
import { RowMenu } from '../../../components/row-menu.tsx';
import { StateBadge } from '../../../components/state-badge.tsx';
import { usePermissions } from '../../../lib/session.ts';
import { usersQuery } from '../api/users.ts';
import { SettingsTabs } from '../components/settings-tabs.tsx';
import { UserDialog } from '../components/user-dialog.tsx';

/** Who may log in. */
export function UsersPage() {
  const users = useQuery(usersQuery);
  const { canManageUsers } = usePermissions();
  const [editing, setEditing] = useState<User | 'new' | null>(null);
  const actions: Column<User> = {
    header: 'Actions',
    hideHeader: true,
    align: 'right',
    render: (user) => (
      <RowMenu
        label={`Actions for ${user.email}`}
        actions={[{ label: 'Edit', icon: IconPencil, onClick: () => setEditing(user) }]}
      />
    ),
  };
  const newUser = (
    <Button leftSection={<IconPlus size={17} aria-hidden />} onClick={() => setEditing('new')}>
      New user
    </Button>
  );
  return (
    <>
      <PageHeader title="Settings" actions={canManageUsers && newUser} />
      <SettingsTabs />
      {users.error && !users.data ? (
        <ErrorPanel error={users.error} onRetry={() => void users.refetch()} />
      ) : (
        <Paper bg="var(--penstock-surface)">
          <DataTable
            label="Users"
            columns={canManageUsers ? [...COLUMNS, actions] : COLUMNS}
            rows={users.data?.items}
            rowKey={({ id }) => id}
            empty={<EmptyState message="Users log in to this console." />}
          />
        </Paper>
      )}
      <UserDialog user={editing} onClose={() => setEditing(null)} />
    </>
  );
}

const COLUMNS: readonly Column<User>[] = [
  {
    header: 'Email',
    render: ({ email }) => (
      <Text fz="sm" fw={550}>
        {email}
      </Text>
    ),
  },
  { header: 'Display name', visibleFrom: 'sm', render: ({ displayName }) => displayName },
  { header: 'Role', render: ({ role }) => role },
  {
    header: 'State',
    visibleFrom: 'sm',
    render: ({ disabled }) => (
      <StateBadge tone={disabled ? 'neutral' : 'good'} label={disabled ? 'disabled' : 'active'} />
    ),
  },
  { header: 'Last login', visibleFrom: 'sm', render: ({ lastLoginAt }) => <RelativeTime iso={lastLoginAt} /> },
  { header: 'Created', visibleFrom: 'md', render: ({ createdAt }) => <RelativeTime iso={createdAt} /> },
];
