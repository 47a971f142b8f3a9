import { Center, Loader, Modal, Text } from '@mantine/core';
import { useEffect } from 'react';
import { messageOf } from '../../../lib/api-error.ts';
import { useTestProvider } from '../api/test-connection.ts';
import { TestResult } from './connection-test.tsx';

interface TestSavedDialogProps {
  /** Name of the saved provider; null keeps the dialog closed. */
  readonly name: string | null;
  readonly onClose: () => void;
}

/** Tests a saved provider with its stored credential. */
export function TestSavedDialog({ name, onClose }: TestSavedDialogProps) {
  return (
    <Modal opened={name !== null} onClose={onClose} title={`Connection test of ${name ?? ''}`}>
      {name && <Result name={name} />}
    </Modal>
  );
}

function Result({ name }: { readonly name: string }) {
  const { mutate, data, error } = useTestProvider();
  useEffect(() => mutate(name), [mutate, name]);
  return (
    <div aria-live="polite" aria-busy={!data && !error}>
      {data && <TestResult result={data} />}
      {error && <Text fz="sm">{messageOf(error)}</Text>}
      {!data && !error && (
        <Center py="md">
          <Loader size="sm" aria-label="Testing" />
        </Center>
      )}
    </div>
  );
}
