import { Alert, Button, Checkbox, Code, Group, Modal, Stack } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useState } from 'react';
import { CopyButton } from '../../../components/copy-button.tsx';
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
      {issued && <SecretContent issued={issued} onStored={onStored} />}
    </Modal>
  );
}

function SecretContent({ issued, onStored }: { readonly issued: IssuedKey; readonly onStored: () => void }) {
  const [stored, setStored] = useState(false);
  return (
    <Stack>
      <Alert color="yellow" variant="light" icon={<IconAlertTriangle aria-hidden />} role="status">
        This is the only time the secret is shown. Penstock keeps a hash of it and cannot show it again.
      </Alert>
      <Group gap="xs" wrap="nowrap" align="center">
        <Code
          block
          flex={1}
          fz={13}
          aria-label="Secret"
          role="region"
          tabIndex={0}
          style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}
        >
          {issued.secret}
        </Code>
        <CopyButton value={issued.secret} label="Copy secret" />
      </Group>
      <KeySnippets spec={issued.spec} secret={issued.secret} />
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
