import { Button, Group, Modal, Select, Stack, Text } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { FormRefusal } from '../../../components/form-refusal.tsx';
import { messageOf } from '../../../lib/api-error.ts';
import { useIssueKey, type IssuedKey } from '../api/issue-key.ts';

interface RotateKeyDialogProps {
  /** The key to rotate; null keeps the dialog closed. */
  readonly name: string | null;
  readonly onClose: () => void;
  readonly onIssued: (issued: IssuedKey) => void;
}

const GRACES = [
  { value: '0', label: 'At once' },
  { value: '300', label: 'After 5 minutes' },
  { value: '3600', label: 'After 1 hour' },
  { value: '86400', label: 'After 1 day' },
  { value: '604800', label: 'After 7 days' },
];

/** Gives a key a new secret; the old one may work on for a while. */
export function RotateKeyDialog({ name, onClose, onIssued }: RotateKeyDialogProps) {
  return (
    <Modal opened={name !== null} onClose={onClose} title={`Rotate key ${name ?? ''}`}>
      {name && <RotateForm name={name} onClose={onClose} onIssued={onIssued} />}
    </Modal>
  );
}

interface RotateFormProps extends Omit<RotateKeyDialogProps, 'name'> {
  readonly name: string;
}

function RotateForm({ name, onClose, onIssued }: RotateFormProps) {
  const { rotate } = useIssueKey();
  const [grace, setGrace] = useState('3600');
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<string[]>([]);

  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    try {
      onIssued(await rotate(name, Number(grace)));
    } catch (error) {
      setRefusal([messageOf(error)]);
    } finally {
      setBusy(false);
    }
  };

  return (
    <form onSubmit={(event) => void submit(event)}>
      <Stack>
        <Text fz="sm">The key gets a new secret. Its name, limits and usage stay.</Text>
        <Select
          label="The old secret stops working"
          data={GRACES}
          value={grace}
          allowDeselect={false}
          onChange={(value) => setGrace(value ?? '0')}
        />
        <FormRefusal messages={refusal} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={busy}>
            Rotate key
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
