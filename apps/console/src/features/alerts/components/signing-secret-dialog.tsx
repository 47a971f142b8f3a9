import { Modal } from '@mantine/core';
import { ShownOnce } from '../../../components/shown-once.tsx';

interface SigningSecretDialogProps {
  /** The channel and its new secret; null keeps the dialog closed. */
  readonly issued: { readonly name: string; readonly signingSecret: string } | null;
  /** Called when the admin has stored it: the secret has to be forgotten then. */
  readonly onStored: () => void;
}

/** Shows a signing secret once. It closes only after "I have stored it", never by a stray click or key. */
export function SigningSecretDialog({ issued, onStored }: SigningSecretDialogProps) {
  return (
    <Modal
      opened={issued !== null}
      onClose={onStored}
      title={`Alert channel ${issued?.name ?? ''} is ready`}
      size="lg"
      withCloseButton={false}
      closeOnClickOutside={false}
      closeOnEscape={false}
    >
      {issued && (
        <ShownOnce
          what="signing secret"
          value={issued.signingSecret}
          note="Give it to the receiver, so that it can check that an alert comes from here."
          onStored={onStored}
        />
      )}
    </Modal>
  );
}
