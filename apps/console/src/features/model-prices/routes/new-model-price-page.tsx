import { useNavigate, useSearchParams } from 'react-router';
import { PageHeader } from '../../../components/page-header.tsx';
import { notifyDone } from '../../../lib/notify.ts';
import { useCreateModelPrice } from '../api/model-prices.ts';
import { newPriceOf } from '../components/price-draft.ts';
import { PriceForm } from '../components/price-form.tsx';

/** Defines a price; `?provider=` and `?model=` say for what. */
export function NewModelPricePage() {
  const navigate = useNavigate();
  const [search] = useSearchParams();
  const create = useCreateModelPrice();
  return (
    <>
      <PageHeader title="New price" parent={{ label: 'Model prices', to: '/model-prices' }} />
      <PriceForm
        draft={newPriceOf(search.get('provider') ?? '', search.get('model') ?? '')}
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
