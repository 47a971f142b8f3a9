import { Button, Code, Group, Text } from '@mantine/core';
import type { ConfigRevision, RollbackResult } from '@penstock/contracts';
import { IconArrowBackUp } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { ConfirmDialog } from '../../../components/confirm-dialog.tsx';
import { DataTable, type Column } from '../../../components/data-table.tsx';
import { EmptyState } from '../../../components/empty-state.tsx';
import { ListPanel } from '../../../components/list-panel.tsx';
import { PageHeader } from '../../../components/page-header.tsx';
import { RelativeTime } from '../../../components/relative-time.tsx';
import { StateBadge } from '../../../components/state-badge.tsx';
import { formatCount } from '../../../lib/format-number.ts';
import { useListSearch } from '../../../lib/list-search.ts';
import { notifyDone } from '../../../lib/notify.ts';
import { usePermissions } from '../../../lib/session.ts';
import { MissingCredentials } from '../components/missing-credentials.tsx';
import { configRevisionsQuery, newestRevisionQuery, useRollback } from '../api/config-revisions.ts';

/** Every state that the config has had. */
export function ConfigRevisionsPage() {
  const list = useListSearch();
  const revisions = useQuery(configRevisionsQuery(list.query));
  const newest = useQuery(newestRevisionQuery).data?.revision;
  const { canWrite } = usePermissions();
  const [target, setTarget] = useState<number | null>(null);
  const [rolledBack, setRolledBack] = useState<RollbackResult | null>(null);

  const actions: Column<ConfigRevision> = {
    header: 'Actions',
    hideHeader: true,
    align: 'right',
    render: ({ revision }) =>
      newest === undefined || revision === newest ? null : (
        <Button
          variant="subtle"
          size="compact-sm"
          leftSection={<IconArrowBackUp size={15} aria-hidden />}
          onClick={() => setTarget(revision)}
          aria-label={`Roll back to revision ${revision}`}
        >
          Roll back
        </Button>
      ),
  };
  const columns = revisionColumns(newest);

  return (
    <>
      <PageHeader
        title="Config revisions"
        description="Each change makes a revision that every gateway applies within a second. Rolling back writes an old state back and publishes it as a new revision."
      />
      {rolledBack && (
        <MissingCredentials providers={rolledBack.withoutCredential} onClose={() => setRolledBack(null)} />
      )}
      <ListPanel noun="revisions" list={list} result={revisions} searchable={false} sortable={false}>
        <DataTable
          label="Config revisions"
          columns={canWrite ? [...columns, actions] : columns}
          rows={revisions.data?.items}
          rowKey={({ revision }) => String(revision)}
          empty={<EmptyState message="Nothing has been changed yet." />}
        />
      </ListPanel>
      <RollbackDialog revision={target} onClose={() => setTarget(null)} onDone={setRolledBack} />
    </>
  );
}

function revisionColumns(newest: number | undefined): readonly Column<ConfigRevision>[] {
  return [
    {
      header: 'Revision',
      render: ({ revision, published }) => (
        <Group gap="sm" wrap="nowrap">
          <Text fz="sm" fw={600}>
            {formatCount(revision)}
          </Text>
          {revision === newest && (
            <StateBadge tone={published ? 'good' : 'warning'} label={published ? 'current' : 'not published'} />
          )}
        </Group>
      ),
    },
    { header: 'Change', render: ({ cause }) => cause },
    { header: 'By', visibleFrom: 'sm', render: ({ actor }) => actor },
    { header: 'When', render: ({ createdAt }) => <RelativeTime iso={createdAt} /> },
    { header: 'Size', visibleFrom: 'xl', align: 'right', render: ({ bytes }) => `${formatCount(bytes)} B` },
    { header: 'Checksum', visibleFrom: 'xl', render: ({ checksum }) => <Code>{checksum.slice(0, 12)}</Code> },
  ];
}

interface RollbackDialogProps {
  readonly revision: number | null;
  readonly onClose: () => void;
  readonly onDone: (made: RollbackResult) => void;
}

function RollbackDialog({ revision, onClose, onDone }: RollbackDialogProps) {
  const rollback = useRollback();
  if (revision === null) return null;
  return (
    <ConfirmDialog
      opened
      title={`Roll back to revision ${revision}`}
      action="Roll back"
      onClose={onClose}
      onConfirm={async () => {
        const made = await rollback.mutateAsync(revision);
        onDone(made);
        notifyDone(`Revision ${made.revision} has the state of revision ${revision}.`);
      }}
    >
      Providers, proxies and quotas go back to what they were; providers and proxies that did not serve then are
      undeployed. Credentials and prices stay as they are now. Access only ever narrows: keys revoked or restricted
      since then stay so, and rotated secrets stay as they are.
    </ConfirmDialog>
  );
}
