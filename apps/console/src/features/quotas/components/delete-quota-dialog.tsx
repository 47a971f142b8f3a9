import { ConfirmDialog } from '../../../components/confirm-dialog.tsx';
import { notifyDone } from '../../../lib/notify.ts';
import { useDeleteQuota } from '../api/quotas.ts';

interface DeleteQuotaDialogProps {
  readonly name: string | null;
  readonly onClose: () => void;
  readonly onDeleted?: () => void;
}

/** Deletes a quota; a refusal lists what still refers to it. */
export function DeleteQuotaDialog({ name, onClose, onDeleted }: DeleteQuotaDialogProps) {
  const remove = useDeleteQuota();
  if (name === null) return null;
  return (
    <ConfirmDialog
      opened
      title={`Delete quota ${name}`}
      action="Delete quota"
      onClose={onClose}
      onConfirm={async () => {
        await remove.mutateAsync(name);
        notifyDone(`Quota ${name} was deleted.`);
        onDeleted?.();
      }}
    >
      A quota that something is still attached to cannot be deleted.
    </ConfirmDialog>
  );
}
