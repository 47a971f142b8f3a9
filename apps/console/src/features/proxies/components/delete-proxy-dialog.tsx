import { ConfirmDialog } from '../../../components/confirm-dialog.tsx';
import { notifyDone } from '../../../lib/notify.ts';
import { useDeleteProxy } from '../api/proxies.ts';

interface DeleteProxyDialogProps {
  readonly name: string | null;
  readonly onClose: () => void;
  readonly onDeleted?: () => void;
}

/** Deletes a proxy. */
export function DeleteProxyDialog({ name, onClose, onDeleted }: DeleteProxyDialogProps) {
  const remove = useDeleteProxy();
  if (name === null) return null;
  return (
    <ConfirmDialog
      opened
      title={`Delete proxy ${name}`}
      action="Delete proxy"
      typed={name}
      onClose={onClose}
      onConfirm={async () => {
        await remove.mutateAsync(name);
        notifyDone(`Proxy ${name} was deleted.`);
        onDeleted?.();
      }}
    >
      Its endpoint stops answering within a second, for every caller.
    </ConfirmDialog>
  );
}
