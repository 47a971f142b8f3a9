import { ConfirmDialog } from '../../../components/confirm-dialog.tsx';
import { notifyDone } from '../../../lib/notify.ts';
import { useDeleteModelPrice } from '../api/model-prices.ts';

interface DeletePriceDialogProps {
  readonly name: string | null;
  readonly onClose: () => void;
  readonly onDeleted?: () => void;
}

/** Deletes a price. */
export function DeletePriceDialog({ name, onClose, onDeleted }: DeletePriceDialogProps) {
  const remove = useDeleteModelPrice();
  if (name === null) return null;
  return (
    <ConfirmDialog
      opened
      title={`Delete price ${name}`}
      action="Delete price"
      onClose={onClose}
      onConfirm={async () => {
        await remove.mutateAsync(name);
        notifyDone(`Price ${name} was deleted.`);
        onDeleted?.();
      }}
    >
      Costs that were counted stay. From now on the catalog’s list price holds. Without one, requests to the model have
      no cost, and cost limits do not count them.
    </ConfirmDialog>
  );
}
