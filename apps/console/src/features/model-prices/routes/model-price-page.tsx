import { Button } from '@mantine/core';
import type { ModelPrice } from '@penstock/contracts';
import { IconTrash } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate, useParams } from 'react-router';
import { PageHeader } from '../../../components/page-header.tsx';
import { QueryGate } from '../../../components/query-gate.tsx';
import { WriteOnly } from '../../../components/write-only.tsx';
import type { Versioned } from '../../../lib/api-client.ts';
import { notifyDone } from '../../../lib/notify.ts';
import { modelPriceQuery, useReplaceModelPrice } from '../api/model-prices.ts';
import { DeletePriceDialog } from '../components/delete-price-dialog.tsx';
import { PriceForm } from '../components/price-form.tsx';

/** One price. */
export function ModelPricePage() {
  const { name = '' } = useParams();
  const price = useQuery({ ...modelPriceQuery(name), refetchOnWindowFocus: false });
  return <QueryGate result={price}>{(found) => <EditPrice key={found.etag} {...found} />}</QueryGate>;
}

function EditPrice({ document, etag }: Versioned<ModelPrice>) {
  const { name } = document.metadata;
  const navigate = useNavigate();
  const replace = useReplaceModelPrice(name, etag);
  const [deleting, setDeleting] = useState(false);
  return (
    <>
      <PageHeader
        title={name}
        parent={{ label: 'Model prices', to: '/model-prices' }}
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
      <PriceForm
        price={document}
        submit="Save changes"
        onSubmit={async (manifest) => {
          await replace.mutateAsync(manifest);
          notifyDone(`Price ${name} was saved.`);
          await navigate('/model-prices');
        }}
      />
      <DeletePriceDialog
        name={deleting ? name : null}
        onClose={() => setDeleting(false)}
        onDeleted={() => void navigate('/model-prices')}
      />
    </>
  );
}
