import { useNavigate } from 'react-router';
import { PageHeader } from '../../../components/page-header.tsx';
import { notifyDone } from '../../../lib/notify.ts';
import { useCreateProvider } from '../api/providers.ts';
import { ProviderForm } from '../components/provider-form.tsx';

/** Registers a provider. */
export function NewProviderPage() {
  const navigate = useNavigate();
  const create = useCreateProvider();
  return (
    <>
      <PageHeader title="New provider" parent={{ label: 'Providers', to: '/providers' }} />
      <ProviderForm
        submit="Create provider"
        onSubmit={async (manifest) => {
          await create.mutateAsync(manifest);
          notifyDone(`Provider ${manifest.metadata.name} was created.`);
          await navigate('/providers');
        }}
      />
    </>
  );
}
