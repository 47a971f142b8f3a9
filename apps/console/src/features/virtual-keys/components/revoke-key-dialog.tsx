import { ConfirmDialog } from '../../../components/confirm-dialog.tsx';
import { notifyDone } from '../../../lib/notify.ts';
import { useRevokeVirtualKey } from '../api/virtual-keys.ts';

interface RevokeKeyDialogProps {
  readonly name: string | null;
  readonly onClose: () => void;
}

/** Revokes a key after its name was typed. */
export function RevokeKeyDialog({ name, onClose }: RevokeKeyDialogProps) {
  const revoke = useRevokeVirtualKey();
  if (name === null) return null;
  return (
    <ConfirmDialog
      opened
      title={`Revoke key ${name}`}
      action="Revoke key"
      typed={name}
      onClose={onClose}
      onConfirm={async () => {
        await revoke.mutateAsync(name);
        notifyDone(`Key ${name} was revoked.`);
      }}
    >
      Every gateway refuses the key within a second, and it can never be enabled again. Its usage stays.
    </ConfirmDialog>
  );
}
