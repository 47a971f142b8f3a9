import { Modal } from '@mantine/core';
import { ShownOnce } from '../../../components/shown-once.tsx';
import type { IssuedKey } from '../api/issue-key.ts';
import { KeySnippets } from './key-snippets.tsx';

interface SecretDialogProps {
  /** The secret to show; null keeps the dialog closed. */
  readonly issued: IssuedKey | null;
  /** Called when the admin has stored it: the secret has to be forgotten then. */
  readonly onStored: () => void;
}

/** Shows a secret once. It closes only after "I have stored it", never by a stray click or key. */
export function SecretDialog({ issued, onStored }: SecretDialogProps) {
  return (
    <Modal
      opened={issued !== null}
      onClose={onStored}
      title={`Key ${issued?.name ?? ''} is ready`}
      size="xl"
      withCloseButton={false}
      closeOnClickOutside={false}
      closeOnEscape={false}
    >
      {issued && (
        <ShownOnce
          what="secret"
          value={issued.secret}
          note="Penstock keeps a hash of it and cannot show it again."
          onStored={onStored}
        >
          <KeySnippets spec={issued.spec} secret={issued.secret} />
        </ShownOnce>
      )}
    </Modal>
  );
}
