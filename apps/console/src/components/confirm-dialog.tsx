import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useState, type FormEvent, type ReactNode } from 'react';
import { ApiError, messageOf } from '../lib/api-error.ts';
import { FormRefusal } from './form-refusal.tsx';

interface ConfirmDialogProps {
  readonly opened: boolean;
  readonly title: string;
  /** What will happen, in a sentence or two. */
  readonly children: ReactNode;
  /** The verb on the button: `Delete provider`. */
  readonly action: string;
  /** Text that the admin has to type first. */
  readonly typed?: string;
  readonly onConfirm: () => Promise<unknown>;
  readonly onClose: () => void;
}

/** Asks before something that cannot be undone, and shows the refusal (such as what still refers to a resource). */
export function ConfirmDialog(props: ConfirmDialogProps) {
  return (
    <Modal opened={props.opened} onClose={props.onClose} title={props.title}>
      <ConfirmForm {...props} />
    </Modal>
  );
}

function ConfirmForm({ children, action, typed, onConfirm, onClose }: ConfirmDialogProps) {
  const [text, setText] = useState('');
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<string[]>([]);

  const confirm = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    setRefusal([]);
    try {
      await onConfirm();
      onClose();
    } catch (error) {
      setRefusal(refusalLines(error));
    } finally {
      setBusy(false);
    }
  };

  return (
    <form onSubmit={(event) => void confirm(event)}>
      <Stack>
        <Text fz="sm" component="div">
          {children}
        </Text>
        {typed && (
          <TextInput
            label={`Type ${typed} to confirm`}
            value={text}
            autoComplete="off"
            spellCheck={false}
            data-autofocus
            onChange={(event) => setText(event.currentTarget.value)}
          />
        )}
        <FormRefusal messages={refusal} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" color="red" loading={busy} disabled={typed !== undefined && text !== typed}>
            {action}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function refusalLines(error: unknown): string[] {
  const details = error instanceof ApiError ? error.errors : [];
  return [messageOf(error), ...details.map(({ message }) => message)];
}
