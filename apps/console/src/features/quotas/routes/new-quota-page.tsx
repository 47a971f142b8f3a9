import { useNavigate } from 'react-router';
import { PageHeader } from '../../../components/page-header.tsx';
import { notifyDone } from '../../../lib/notify.ts';
import { useCreateQuota } from '../api/quotas.ts';
import { QuotaForm } from '../components/quota-form.tsx';

/** Defines a quota. */
export function NewQuotaPage() {
  const navigate = useNavigate();
  const create = useCreateQuota();
  return (
    <>
      <PageHeader title="New quota" parent={{ label: 'Quotas', to: '/quotas' }} />
      <QuotaForm
        submit="Create quota"
        onSubmit={async (manifest) => {
          await create.mutateAsync(manifest);
          notifyDone(`Quota ${manifest.metadata.name} was created.`);
          await navigate('/quotas');
        }}
      />
    </>
  );
}
