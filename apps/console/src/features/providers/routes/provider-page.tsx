import { Button } from '@mantine/core';
import type { LlmProvider } from '@penstock/contracts';
import { IconTrash } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate, useParams } from 'react-router';
import { PageHeader } from '../../../components/page-header.tsx';
import { QueryGate } from '../../../components/query-gate.tsx';
import { StateBadge } from '../../../components/state-badge.tsx';
import { WriteOnly } from '../../../components/write-only.tsx';
import type { Versioned } from '../../../lib/api-client.ts';
import { notifyDone } from '../../../lib/notify.ts';
import { LiveLimitsSection } from '../../quotas/components/live-limits.tsx';
import { providerQuery, useReplaceProvider } from '../api/providers.ts';
import { DeleteProviderDialog } from '../components/delete-provider-dialog.tsx';
import { ProviderForm } from '../components/provider-form.tsx';

/** One provider. */
export function ProviderPage() {
  const { name = '' } = useParams();
  // The form keeps what is typed: it must not change under the admin's hands.
  const provider = useQuery({ ...providerQuery(name), refetchOnWindowFocus: false });
  return <QueryGate result={provider}>{(found) => <EditProvider key={found.etag} {...found} />}</QueryGate>;
}

function EditProvider({ document, etag }: Versioned<LlmProvider>) {
  const { name } = document.metadata;
  const navigate = useNavigate();
  const replace = useReplaceProvider(name, etag);
  const [deleting, setDeleting] = useState(false);
  const { state } = document.status;
  return (
    <>
      <PageHeader
        title={document.spec.displayName}
        parent={{ label: 'Providers', to: '/providers' }}
        badge={<StateBadge tone={state === 'deployed' ? 'good' : 'neutral'} label={state} />}
        actions={
          <WriteOnly>
            <Button
              variant="default"
              leftSection={<IconTrash size={16} aria-hidden />}
              onClick={() => setDeleting(true)}
            >
              Delete
            </Button>
          </WriteOnly>
        }
      />
      <ProviderForm
        provider={document}
        submit="Save changes"
        onSubmit={async (manifest) => {
          await replace.mutateAsync(manifest);
          notifyDone(`Provider ${name} was saved.`);
          await navigate('/providers');
        }}
      >
        <LiveLimitsSection of={{ kind: 'provider', name }} none="No quota limits this provider or one of its models." />
      </ProviderForm>
      <DeleteProviderDialog
        name={deleting ? name : null}
        onClose={() => setDeleting(false)}
        onDeleted={() => void navigate('/providers')}
      />
    </>
  );
}
