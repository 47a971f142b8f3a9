import { Button, Stack } from '@mantine/core';
import type { LlmProxy } from '@penstock/contracts';
import { IconTrash, IconZoomQuestion } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useNavigate, useParams } from 'react-router';
import { PageHeader } from '../../../components/page-header.tsx';
import { QueryGate } from '../../../components/query-gate.tsx';
import { StateBadge } from '../../../components/state-badge.tsx';
import { WriteOnly } from '../../../components/write-only.tsx';
import type { Versioned } from '../../../lib/api-client.ts';
import { notifyDone } from '../../../lib/notify.ts';
import { LiveLimitsSection } from '../../quotas/components/live-limits.tsx';
import { proxyQuery, useReplaceProxy } from '../api/proxies.ts';
import { DeleteProxyDialog } from '../components/delete-proxy-dialog.tsx';
import { ProxyForm } from '../components/proxy-form.tsx';

/** One proxy. */
export function ProxyPage() {
  const { name = '' } = useParams();
  // The form keeps what is typed: it must not change under the admin's hands.
  const proxy = useQuery({ ...proxyQuery(name), refetchOnWindowFocus: false });
  return <QueryGate result={proxy}>{(found) => <EditProxy key={found.etag} {...found} />}</QueryGate>;
}

function EditProxy({ document, etag }: Versioned<LlmProxy>) {
  const { name } = document.metadata;
  const navigate = useNavigate();
  const replace = useReplaceProxy(name, etag);
  const [deleting, setDeleting] = useState(false);
  const { state } = document.status;
  return (
    <>
      <PageHeader
        title={document.spec.displayName}
        parent={{ label: 'Proxies', to: '/proxies' }}
        badge={
          <>
            <StateBadge tone={state === 'deployed' ? 'good' : 'neutral'} label={state} />
            {document.spec.authentication === 'none' && <StateBadge tone="warning" label="open" />}
          </>
        }
        actions={
          <>
            <ExplainButton context={document.spec.context} />
            <WriteOnly>
              <Button
                variant="default"
                leftSection={<IconTrash size={16} aria-hidden />}
                onClick={() => setDeleting(true)}
              >
                Delete
              </Button>
            </WriteOnly>
          </>
        }
      />
      <Stack gap="lg" maw={880}>
        <ProxyForm
          proxy={document}
          submit="Save changes"
          onSubmit={async (manifest) => {
            await replace.mutateAsync(manifest);
            notifyDone(`Proxy ${name} was saved.`);
            await navigate('/proxies');
          }}
        />
        <LiveLimitsSection of={{ kind: 'proxy', name }} none="No quota limits this proxy." />
      </Stack>
      <DeleteProxyDialog
        name={deleting ? name : null}
        onClose={() => setDeleting(false)}
        onDeleted={() => void navigate('/proxies')}
      />
    </>
  );
}

/** Leads to what would become of a request to this proxy. */
function ExplainButton({ context }: { readonly context: string }) {
  const path = `${context === '/' ? '' : context}/v1/chat/completions`;
  return (
    <Button
      variant="default"
      component={Link}
      to={`/explain?${new URLSearchParams({ path }).toString()}`}
      leftSection={<IconZoomQuestion size={16} aria-hidden />}
    >
      Explain a request
    </Button>
  );
}
