import { Button, Stack } from '@mantine/core';
import type { Quota } from '@penstock/contracts';
import { IconTrash } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate, useParams } from 'react-router';
import { PageHeader } from '../../../components/page-header.tsx';
import { QueryGate } from '../../../components/query-gate.tsx';
import { WriteOnly } from '../../../components/write-only.tsx';
import type { Versioned } from '../../../lib/api-client.ts';
import { notifyDone } from '../../../lib/notify.ts';
import { quotaQuery, useReplaceQuota } from '../api/quotas.ts';
import { DeleteQuotaDialog } from '../components/delete-quota-dialog.tsx';
import { QuotaConsumption } from '../components/quota-consumption.tsx';
import { QuotaForm } from '../components/quota-form.tsx';

/** One quota. */
export function QuotaPage() {
  const { name = '' } = useParams();
  const quota = useQuery({ ...quotaQuery(name), refetchOnWindowFocus: false });
  return <QueryGate result={quota}>{(found) => <EditQuota key={found.etag} {...found} />}</QueryGate>;
}

function EditQuota({ document, etag }: Versioned<Quota>) {
  const { name } = document.metadata;
  const navigate = useNavigate();
  const replace = useReplaceQuota(name, etag);
  const [deleting, setDeleting] = useState(false);
  return (
    <>
      <PageHeader
        title={document.spec.displayName ?? name}
        parent={{ label: 'Quotas', to: '/quotas' }}
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
      <Stack gap="lg" maw={980}>
        <QuotaConsumption name={name} />
        <QuotaForm
          quota={document}
          submit="Save changes"
          onSubmit={async (manifest) => {
            await replace.mutateAsync(manifest);
            notifyDone(`Quota ${name} was saved.`);
            await navigate('/quotas');
          }}
        />
      </Stack>
      <DeleteQuotaDialog
        name={deleting ? name : null}
        onClose={() => setDeleting(false)}
        onDeleted={() => void navigate('/quotas')}
      />
    </>
  );
}
