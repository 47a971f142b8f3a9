import { Anchor, Button, Text } from '@mantine/core';
import type { Team } from '@penstock/contracts';
import { IconPencil, IconPlus, IconTrash } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import { ConfirmDialog } from '../../../components/confirm-dialog.tsx';
import { DataTable, type Column } from '../../../components/data-table.tsx';
import { EmptyState } from '../../../components/empty-state.tsx';
import { ListPanel } from '../../../components/list-panel.tsx';
import { PageHeader } from '../../../components/page-header.tsx';
import { RelativeTime } from '../../../components/relative-time.tsx';
import { RowMenu } from '../../../components/row-menu.tsx';
import { StateBadge } from '../../../components/state-badge.tsx';
import { WriteOnly } from '../../../components/write-only.tsx';
import { useListSearch } from '../../../lib/list-search.ts';
import { notifyDone } from '../../../lib/notify.ts';
import { usePermissions } from '../../../lib/session.ts';
import { teamsQuery, useDeleteTeam } from '../api/teams.ts';
import { TeamDialog } from '../components/team-dialog.tsx';
import { TeamLimitsDrawer } from '../components/team-limits-drawer.tsx';

/** The teams. */
export function TeamsPage() {
  const list = useListSearch();
  const teams = useQuery(teamsQuery(list.query));
  const { canWrite } = usePermissions();
  const [editing, setEditing] = useState<Team | 'new' | null>(null);
  const [deleting, setDeleting] = useState<string | null>(null);
  const [limitsOf, setLimitsOf] = useState<string | null>(null);

  const actions: Column<Team> = {
    header: 'Actions',
    hideHeader: true,
    align: 'right',
    render: (team) => (
      <RowMenu
        label={`Actions for ${team.metadata.name}`}
        actions={[
          { label: 'Edit', icon: IconPencil, onClick: () => setEditing(team) },
          { label: 'Delete', icon: IconTrash, danger: true, onClick: () => setDeleting(team.metadata.name) },
        ]}
      />
    ),
  };
  const newTeam = (
    <WriteOnly>
      <Button leftSection={<IconPlus size={17} aria-hidden />} onClick={() => setEditing('new')}>
        New team
      </Button>
    </WriteOnly>
  );

  return (
    <>
      <PageHeader
        title="Teams"
        description="Owners of virtual keys. A team’s quotas hold for all of its keys together, or for each of them."
        actions={newTeam}
      />
      <ListPanel noun="teams" list={list} result={teams}>
        <DataTable
          label="Teams"
          columns={[...COLUMNS, limitsColumn(setLimitsOf), ...(canWrite ? [actions] : [])]}
          rows={teams.data?.items}
          rowKey={({ metadata }) => metadata.name}
          empty={
            <EmptyState
              message={list.q ? `No team matches “${list.q}”.` : 'Teams own keys and share quotas.'}
              action={list.q ? null : newTeam}
            />
          }
        />
      </ListPanel>
      <TeamDialog team={editing} onClose={() => setEditing(null)} />
      <TeamLimitsDrawer name={limitsOf} onClose={() => setLimitsOf(null)} />
      <DeleteTeamDialog name={deleting} onClose={() => setDeleting(null)} />
    </>
  );
}

function limitsColumn(show: (team: string) => void): Column<Team> {
  return {
    header: 'Limits',
    visibleFrom: 'sm',
    render: ({ metadata: { name } }) => (
      <Anchor component="button" type="button" fz="sm" aria-label={`Limits of ${name}`} onClick={() => show(name)}>
        Limits
      </Anchor>
    ),
  };
}

const COLUMNS: readonly Column<Team>[] = [
  {
    header: 'Name',
    render: ({ metadata }) => (
      <Text fz="sm" fw={550}>
        {metadata.name}
      </Text>
    ),
  },
  { header: 'Display name', visibleFrom: 'sm', render: ({ spec }) => spec.displayName },
  { header: 'Quotas', render: ({ spec }) => spec.quotas.join(', ') || '–' },
  { header: 'For each key', visibleFrom: 'lg', render: ({ spec }) => spec.keyQuotas.join(', ') || '–' },
  {
    header: 'State',
    render: ({ spec }) => (
      <StateBadge tone={spec.suspended ? 'warning' : 'good'} label={spec.suspended ? 'suspended' : 'active'} />
    ),
  },
  {
    header: 'Usage',
    visibleFrom: 'sm',
    render: ({ metadata: { name } }) => (
      <Anchor component={Link} to={`/usage?team=${encodeURIComponent(name)}`} fz="sm" aria-label={`Usage of ${name}`}>
        Usage
      </Anchor>
    ),
  },
  { header: 'Changed', visibleFrom: 'md', render: ({ status }) => <RelativeTime iso={status.updatedAt} /> },
];

interface DeleteTeamDialogProps {
  readonly name: string | null;
  readonly onClose: () => void;
}

function DeleteTeamDialog({ name, onClose }: DeleteTeamDialogProps) {
  const remove = useDeleteTeam();
  if (name === null) return null;
  return (
    <ConfirmDialog
      opened
      title={`Delete team ${name}`}
      action="Delete team"
      onClose={onClose}
      onConfirm={async () => {
        await remove.mutateAsync(name);
        notifyDone(`Team ${name} was deleted.`);
      }}
    >
      A team that still has keys cannot be deleted.
    </ConfirmDialog>
  );
}
