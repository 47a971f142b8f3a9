import { Button } from '@mantine/core';
import type { AlertChannel } from '@penstock/contracts';
import { IconPencil, IconPlus, IconSend, IconTrash } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import { ConfirmDialog } from '../../../components/confirm-dialog.tsx';
import { DataTable, type Column } from '../../../components/data-table.tsx';
import { EmptyState } from '../../../components/empty-state.tsx';
import { ListPanel } from '../../../components/list-panel.tsx';
import { PageHeader } from '../../../components/page-header.tsx';
import { RowMenu } from '../../../components/row-menu.tsx';
import { WriteOnly } from '../../../components/write-only.tsx';
import { useListSearch } from '../../../lib/list-search.ts';
import { notifyDone } from '../../../lib/notify.ts';
import { usePermissions } from '../../../lib/session.ts';
import { alertChannelsQuery, useDeleteAlertChannel, type SavedChannel } from '../api/alert-channels.ts';
import { AlertTabs } from '../components/alert-tabs.tsx';
import { CHANNEL_COLUMNS } from '../components/channel-columns.tsx';
import { ChannelDialog } from '../components/channel-dialog.tsx';
import { SigningSecretDialog } from '../components/signing-secret-dialog.tsx';
import { TestChannelDialog } from '../components/test-channel-dialog.tsx';

interface IssuedSecret {
  readonly name: string;
  readonly signingSecret: string;
}

/** Whom alerts are sent to. `?create=1` opens the dialog for a new channel. */
export function AlertChannelsPage() {
  const list = useListSearch();
  const channels = useQuery(alertChannelsQuery(list.query));
  const { canWrite } = usePermissions();
  const [creating, setCreating] = useCreating();
  const [editing, setEditing] = useState<AlertChannel | null>(null);
  const [testing, setTesting] = useState<string | null>(null);
  const [deleting, setDeleting] = useState<string | null>(null);
  const [issued, setIssued] = useState<IssuedSecret | null>(null);

  const close = () => {
    setEditing(null);
    if (creating) setCreating(false);
  };
  const show = ({ name, signingSecret }: SavedChannel) => {
    close();
    if (signingSecret !== null) setIssued({ name, signingSecret });
  };
  const actions = actionsColumn({ test: setTesting, edit: setEditing, remove: setDeleting });
  const newChannel = (
    <WriteOnly>
      <Button leftSection={<IconPlus size={17} aria-hidden />} onClick={() => setCreating(true)}>
        New alert channel
      </Button>
    </WriteOnly>
  );
  return (
    <>
      <PageHeader title="Alert channels" description="Whom alerts are sent to." actions={newChannel} />
      <AlertTabs />
      <ListPanel noun="channels" list={list} result={channels}>
        <DataTable
          label="Alert channels"
          columns={canWrite ? [...CHANNEL_COLUMNS, actions] : CHANNEL_COLUMNS}
          rows={channels.data?.items}
          rowKey={({ metadata }) => metadata.name}
          empty={
            <EmptyState
              message={
                list.q
                  ? `No channel matches “${list.q}”.`
                  : 'A channel sends alerts to a webhook, to Slack or by email. Without one, alerts stand only here.'
              }
              action={list.q ? null : newChannel}
            />
          }
        />
      </ListPanel>
      <ChannelDialog channel={creating && canWrite ? 'new' : editing} onClose={close} onSaved={show} />
      <SigningSecretDialog issued={issued} onStored={() => setIssued(null)} />
      <TestChannelDialog name={testing} onClose={() => setTesting(null)} />
      <DeleteChannelDialog name={deleting} onClose={() => setDeleting(null)} />
    </>
  );
}

interface ChannelActions {
  readonly test: (name: string) => void;
  readonly edit: (channel: AlertChannel) => void;
  readonly remove: (name: string) => void;
}

function actionsColumn({ test, edit, remove }: ChannelActions): Column<AlertChannel> {
  return {
    header: 'Actions',
    hideHeader: true,
    align: 'right',
    render: (channel) => {
      const { name } = channel.metadata;
      return (
        <RowMenu
          label={`Actions for ${name}`}
          actions={[
            { label: 'Send test', icon: IconSend, onClick: () => test(name) },
            { label: 'Edit', icon: IconPencil, onClick: () => edit(channel) },
            { label: 'Delete', icon: IconTrash, danger: true, onClick: () => remove(name) },
          ]}
        />
      );
    },
  };
}

/** Whether the dialog for a new channel is open; it stands in the URL, so that other pages can link to it. */
function useCreating(): [boolean, (creating: boolean) => void] {
  const [search, setSearch] = useSearchParams();
  return [search.has('create'), (creating) => setSearch(creating ? { create: '1' } : {}, { replace: true })];
}

interface DeleteChannelDialogProps {
  readonly name: string | null;
  readonly onClose: () => void;
}

function DeleteChannelDialog({ name, onClose }: DeleteChannelDialogProps) {
  const remove = useDeleteAlertChannel();
  if (name === null) return null;
  return (
    <ConfirmDialog
      opened
      title={`Delete alert channel ${name}`}
      action="Delete channel"
      onClose={onClose}
      onConfirm={async () => {
        await remove.mutateAsync(name);
        notifyDone(`Alert channel ${name} was deleted.`);
      }}
    >
      It is told nothing any more, and what it was still to be told is dropped.
    </ConfirmDialog>
  );
}
