import { Button, Text } from '@mantine/core';
import type { VirtualKey } from '@penstock/contracts';
import { IconBan, IconPlus, IconRefresh } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
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
import type { IssuedKey } from '../api/issue-key.ts';
import { virtualKeysQuery } from '../api/virtual-keys.ts';
import { CreateKeyDialog } from '../components/create-key-dialog.tsx';
import { KeyState } from '../components/key-state.tsx';
import { RevokeKeyDialog } from '../components/revoke-key-dialog.tsx';
import { RotateKeyDialog } from '../components/rotate-key-dialog.tsx';
import { SecretDialog } from '../components/secret-dialog.tsx';

/** The virtual keys. `?create=1` opens the dialog for a new one. */
export function VirtualKeysPage() {
  const list = useListSearch();
  const keys = useQuery(virtualKeysQuery(list.query));
  const { canWrite } = usePermissions();
  const [creating, setCreating] = useCreating();
  const [rotating, setRotating] = useState<string | null>(null);
  const [revoking, setRevoking] = useState<string | null>(null);
  const [issued, setIssued] = useState<IssuedKey | null>(null);

  const show = (key: IssuedKey) => {
    setCreating(false);
    setRotating(null);
    setIssued(key);
  };
  const newKey = (
    <WriteOnly>
      <Button leftSection={<IconPlus size={17} aria-hidden />} onClick={() => setCreating(true)}>
        New virtual key
      </Button>
    </WriteOnly>
  );

  return (
    <>
      <PageHeader
        title="Virtual keys"
        description="What callers show to the gateway. Each secret is shown once; Penstock keeps only a hash."
        actions={newKey}
      />
      <ListPanel noun="keys" list={list} result={keys}>
        <DataTable
          label="Virtual keys"
          columns={canWrite ? [...COLUMNS, actionsColumn(setRotating, setRevoking)] : COLUMNS}
          rows={keys.data?.items}
          rowKey={({ metadata }) => metadata.name}
          empty={
            list.q ? (
              <EmptyState message={`No key matches “${list.q}”.`} />
            ) : (
              <EmptyState message="A virtual key lets an application or an agent call the gateway." action={newKey} />
            )
          }
        />
      </ListPanel>
      <CreateKeyDialog opened={creating && canWrite} onClose={() => setCreating(false)} onIssued={show} />
      <RotateKeyDialog name={rotating} onClose={() => setRotating(null)} onIssued={show} />
      <RevokeKeyDialog name={revoking} onClose={() => setRevoking(null)} />
      <SecretDialog issued={issued} onStored={() => setIssued(null)} />
    </>
  );
}

/** Whether the dialog for a new key is open; it stands in the URL, so that other pages can link to it. */
function useCreating(): [boolean, (creating: boolean) => void] {
  const [search, setSearch] = useSearchParams();
  const set = (creating: boolean) =>
    setSearch(
      (current) => {
        const next = new URLSearchParams(current);
        if (creating) next.set('create', '1');
        else next.delete('create');
        return next;
      },
      { replace: true },
    );
  return [search.has('create'), set];
}

type Choose = (name: string) => void;

function actionsColumn(rotate: Choose, revoke: Choose): Column<VirtualKey> {
  return {
    header: 'Actions',
    hideHeader: true,
    align: 'right',
    render: ({ metadata: { name }, status }) => {
      const revoked = status.state === 'revoked';
      return (
        <RowMenu
          label={`Actions for ${name}`}
          actions={[
            { label: 'Rotate', icon: IconRefresh, disabled: revoked, onClick: () => rotate(name) },
            { label: 'Revoke', icon: IconBan, danger: true, disabled: revoked, onClick: () => revoke(name) },
          ]}
        />
      );
    },
  };
}

const COLUMNS: readonly Column<VirtualKey>[] = [
  {
    header: 'Name',
    render: ({ metadata, spec }) => (
      <NameCell
        name={metadata.name}
        to={`/virtual-keys/${encodeURIComponent(metadata.name)}`}
        detail={spec.displayName}
      />
    ),
  },
  {
    header: 'Key',
    visibleFrom: 'sm',
    render: ({ status }) => (
      <Text fz="sm" ff="monospace" style={{ whiteSpace: 'nowrap' }}>
        {status.prefix}…{status.lastFour}
      </Text>
    ),
  },
  { header: 'State', render: ({ status }) => <KeyState state={status.state} /> },
  { header: 'Team', visibleFrom: 'sm', render: ({ spec }) => spec.team },
  { header: 'Quotas', visibleFrom: 'lg', render: ({ spec }) => spec.quotas.join(', ') || '–' },
  { header: 'Last used', visibleFrom: 'md', render: ({ status }) => <RelativeTime iso={status.lastUsedAt} /> },
  { header: 'Expires', visibleFrom: 'md', render: ({ spec }) => <RelativeTime iso={spec.expiresAt} /> },
];
