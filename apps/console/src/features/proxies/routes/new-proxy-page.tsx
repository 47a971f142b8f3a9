import { useNavigate } from 'react-router';
import { PageHeader } from '../../../components/page-header.tsx';
import { notifyDone } from '../../../lib/notify.ts';
import { useCreateProxy } from '../api/proxies.ts';
import { ProxyForm } from '../components/proxy-form.tsx';

/** Composes a proxy. */
export function NewProxyPage() {
  const navigate = useNavigate();
  const create = useCreateProxy();
  return (
    <>
      <PageHeader title="New proxy" parent={{ label: 'Proxies', to: '/proxies' }} />
      <ProxyForm
        submit="Create proxy"
        onSubmit={async (manifest) => {
          await create.mutateAsync(manifest);
          notifyDone(`Proxy ${manifest.metadata.name} was created.`);
          await navigate('/proxies');
        }}
      />
    </>
  );
}
