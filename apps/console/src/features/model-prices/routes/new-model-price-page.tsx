import { useNavigate } from 'react-router';
import { PageHeader } from '../../../components/page-header.tsx';
import { notifyDone } from '../../../lib/notify.ts';
import { useCreateModelPrice } from '../api/model-prices.ts';
import { PriceForm } from '../components/price-form.tsx';

/** Defines a price. */
export function NewModelPricePage() {
  const navigate = useNavigate();
  const create = useCreateModelPrice();
  return (
    <>
      <PageHeader title="New price" parent={{ label: 'Model prices', to: '/model-prices' }} />
      <PriceForm
        submit="Create price"
        onSubmit={async (manifest) => {
          await create.mutateAsync(manifest);
          notifyDone(`Price ${manifest.metadata.name} was created.`);
          await navigate('/model-prices');
        }}
      />
    </>
  );
}
