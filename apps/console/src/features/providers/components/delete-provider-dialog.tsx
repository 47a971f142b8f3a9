import { ConfirmDialog } from '../../../components/confirm-dialog.tsx';
import { notifyDone } from '../../../lib/notify.ts';
import { useDeleteProvider } from '../api/providers.ts';

interface DeleteProviderDialogProps {
  readonly name: string | null;
  readonly onClose: () => void;
  readonly onDeleted?: () => void;
}

/** Deletes a provider; a refusal lists what still refers to it. */
export function DeleteProviderDialog({ name, onClose, onDeleted }: DeleteProviderDialogProps) {
  const remove = useDeleteProvider();
  if (name === null) return null;
  return (
    <ConfirmDialog
      opened
      title={`Delete provider ${name}`}
      action="Delete provider"
      onClose={onClose}
      onConfirm={async () => {
        await remove.mutateAsync(name);
        notifyDone(`Provider ${name} was deleted.`);
        onDeleted?.();
      }}
    >
      Its credential is erased and it gets no more requests. A provider that a proxy still uses cannot be deleted.
    </ConfirmDialog>
  );
}
