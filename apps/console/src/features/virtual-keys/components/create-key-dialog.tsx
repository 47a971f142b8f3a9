import { zodResolver } from '@hookform/resolvers/zod';
import { Button, Group, Modal, Stack } from '@mantine/core';
import type { VirtualKeyManifest } from '@penstock/contracts';
import { useState } from 'react';
import { useForm } from 'react-hook-form';
import { FormRefusal } from '../../../components/form-refusal.tsx';
import { reportRefusal } from '../../../lib/form-errors.ts';
import { useIssueKey, type IssuedKey } from '../api/issue-key.ts';
import { keySchema, NEW_KEY, type KeyDraft } from './key-draft.ts';
import { AdvancedKeyFields, RequiredKeyFields } from './key-fields.tsx';

interface CreateKeyDialogProps {
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly onIssued: (issued: IssuedKey) => void;
}

/** Asks for the two things a key needs and hands its secret on. */
export function CreateKeyDialog({ opened, onClose, onIssued }: CreateKeyDialogProps) {
  // The dialog with the secret follows: the focus belongs there, and not back to the button that opened this one.
  const [issued, setIssued] = useState(false);
  const handOn = (key: IssuedKey): void => {
    setIssued(true);
    onIssued(key);
  };
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title="New virtual key"
      size="lg"
      returnFocus={!issued}
      onExitTransitionEnd={() => setIssued(false)}
    >
      <CreateKeyForm onClose={onClose} onIssued={handOn} />
    </Modal>
  );
}

function CreateKeyForm({ onClose, onIssued }: Omit<CreateKeyDialogProps, 'opened'>) {
  const { create } = useIssueKey();
  const [refusal, setRefusal] = useState<string[]>([]);
  const form = useForm<KeyDraft, unknown, VirtualKeyManifest>({
    defaultValues: NEW_KEY,
    resolver: zodResolver(keySchema),
  });

  const save = form.handleSubmit(async (manifest) => {
    setRefusal([]);
    try {
      onIssued(await create(manifest));
    } catch (error) {
      setRefusal(reportRefusal(form, error));
    }
  });

  return (
    <form onSubmit={(event) => void save(event)} noValidate>
      <Stack>
        <FormRefusal messages={refusal} />
        <RequiredKeyFields form={form} exists={false} />
        <AdvancedKeyFields form={form} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={form.formState.isSubmitting}>
            Create key
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
