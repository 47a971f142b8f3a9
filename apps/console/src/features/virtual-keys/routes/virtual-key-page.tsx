import { Button, Code, Grid, Stack } from '@mantine/core';
import type { VirtualKey } from '@penstock/contracts';
import { IconBan, IconChartBar, IconRefresh } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useParams } from 'react-router';
import { FactList } from '../../../components/fact-list.tsx';
import { FormSection } from '../../../components/form-section.tsx';
import { PageHeader } from '../../../components/page-header.tsx';
import { QueryGate } from '../../../components/query-gate.tsx';
import { RelativeTime } from '../../../components/relative-time.tsx';
import { WriteOnly } from '../../../components/write-only.tsx';
import type { Versioned } from '../../../lib/api-client.ts';
import type { IssuedKey } from '../api/issue-key.ts';
import { virtualKeyQuery } from '../api/virtual-keys.ts';
import { LiveLimitsSection } from '../../quotas/components/live-limits.tsx';
import { EditKeyForm } from '../components/edit-key-form.tsx';
import { KeySnippets } from '../components/key-snippets.tsx';
import { KeyState } from '../components/key-state.tsx';
import { RevokeKeyDialog } from '../components/revoke-key-dialog.tsx';
import { RotateKeyDialog } from '../components/rotate-key-dialog.tsx';
import { SecretDialog } from '../components/secret-dialog.tsx';

/** One virtual key: what it may do, what it has used, and how to use it. */
export function VirtualKeyPage() {
  const { name = '' } = useParams();
  const key = useQuery({ ...virtualKeyQuery(name), refetchOnWindowFocus: false });
  return <QueryGate result={key}>{(found) => <KeyDetails {...found} />}</QueryGate>;
}

function KeyDetails({ document, etag }: Versioned<VirtualKey>) {
  const { metadata, spec, status } = document;
  return (
    <>
      <PageHeader
        title={metadata.name}
        parent={{ label: 'Virtual keys', to: '/virtual-keys' }}
        badge={<KeyState state={status.state} />}
        actions={<KeyActions name={metadata.name} revoked={status.state === 'revoked'} />}
      />
      <Grid gap="lg">
        <Grid.Col span={{ base: 12, lg: 7 }}>
          <EditKeyForm key={etag} document={document} etag={etag} />
        </Grid.Col>
        <Grid.Col span={{ base: 12, lg: 5 }}>
          <Stack gap="lg">
            <FormSection title="Key">
              <FactList facts={factsOf(document)} />
            </FormSection>
            <LiveLimitsSection of={{ kind: 'key', name: metadata.name }} none="No quota limits this key." />
            <FormSection title="Use it" description="Put the secret where the snippet says $PENSTOCK_KEY.">
              <KeySnippets spec={spec} />
            </FormSection>
          </Stack>
        </Grid.Col>
      </Grid>
    </>
  );
}

function factsOf({ status }: VirtualKey) {
  const { prefix, lastFour, createdAt, lastUsedAt, previousExpiresAt, revokedAt } = status;
  return [
    { label: 'Secret', value: <Code>{`${prefix}…${lastFour}`}</Code> },
    { label: 'Created', value: <RelativeTime iso={createdAt} /> },
    { label: 'Last used', value: <RelativeTime iso={lastUsedAt} /> },
    ...(previousExpiresAt ? [{ label: 'Old secret until', value: <RelativeTime iso={previousExpiresAt} /> }] : []),
    ...(revokedAt ? [{ label: 'Revoked', value: <RelativeTime iso={revokedAt} /> }] : []),
  ];
}

function KeyActions({ name, revoked }: { readonly name: string; readonly revoked: boolean }) {
  const [dialog, setDialog] = useState<'rotate' | 'revoke' | null>(null);
  const [issued, setIssued] = useState<IssuedKey | null>(null);
  const close = () => setDialog(null);
  return (
    <>
      <Button
        variant="default"
        component={Link}
        to={`/usage?key=${encodeURIComponent(name)}`}
        leftSection={<IconChartBar size={16} aria-hidden />}
      >
        Usage
      </Button>
      <WriteOnly>
        <Button
          variant="default"
          disabled={revoked}
          leftSection={<IconRefresh size={16} aria-hidden />}
          onClick={() => setDialog('rotate')}
        >
          Rotate
        </Button>
        <Button
          variant="outline"
          color="red"
          disabled={revoked}
          leftSection={<IconBan size={16} aria-hidden />}
          onClick={() => setDialog('revoke')}
        >
          Revoke
        </Button>
      </WriteOnly>
      <RotateKeyDialog
        name={dialog === 'rotate' ? name : null}
        onClose={close}
        onIssued={(key) => {
          close();
          setIssued(key);
        }}
      />
      <RevokeKeyDialog name={dialog === 'revoke' ? name : null} onClose={close} />
      <SecretDialog issued={issued} onStored={() => setIssued(null)} />
    </>
  );
}
