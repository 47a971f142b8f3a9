import { Alert, Button, Checkbox, Code, Group, Modal, Stack } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useState } from 'react';
import { CopyButton } from '../../../components/copy-button.tsx';

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
      {issued && <SecretContent secret={issued.signingSecret} onStored={onStored} />}
    </Modal>
  );
}

function SecretContent({ secret, onStored }: { readonly secret: string; readonly onStored: () => void }) {
  const [stored, setStored] = useState(false);
  return (
    <Stack>
      <Alert color="yellow" variant="light" icon={<IconAlertTriangle aria-hidden />} role="status">
        This is the only time the signing secret is shown. Give it to the receiver, so that it can check that an alert
        comes from here.
      </Alert>
      <Group gap="xs" wrap="nowrap">
        <Code
          block
          flex={1}
          role="region"
          aria-label="Signing secret"
          tabIndex={0}
          style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}
        >
          {secret}
        </Code>
        <CopyButton value={secret} label="Copy signing secret" />
      </Group>
      <Group justify="space-between">
        <Checkbox
          label="I have stored it"
          checked={stored}
          onChange={(event) => setStored(event.currentTarget.checked)}
        />
        <Button disabled={!stored} onClick={onStored}>
          Done
        </Button>
      </Group>
    </Stack>
  );
}
