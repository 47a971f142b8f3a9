import { Alert, Center, Loader, Modal, Text } from '@mantine/core';
import type { AlertTest } from '@penstock/contracts';
import { IconCircleCheck, IconPlugConnectedX } from '@tabler/icons-react';
import { useEffect } from 'react';
import { ErrorPanel } from '../../../components/error-panel.tsx';
import { formatDuration } from '../../../lib/format-duration.ts';
import { useTestAlertChannel } from '../api/alert-channels.ts';

interface TestChannelDialogProps {
  /** Name of the channel; null keeps the dialog closed. */
  readonly name: string | null;
  readonly onClose: () => void;
}

/** Sends a test alert and says what came of it. */
export function TestChannelDialog({ name, onClose }: TestChannelDialogProps) {
  return (
    <Modal opened={name !== null} onClose={onClose} title={`Test of ${name ?? ''}`}>
      {name !== null && <Result name={name} />}
    </Modal>
  );
}

function Result({ name }: { readonly name: string }) {
  const { mutate, data, error } = useTestAlertChannel();
  useEffect(() => mutate(name), [mutate, name]);
  return (
    <div aria-live="polite" aria-busy={!data && !error}>
      {data && <Outcome test={data} />}
      {error && <ErrorPanel error={error} onRetry={() => mutate(name)} />}
      {!data && !error && (
        <Center py="md">
          <Loader size="sm" aria-label="Sending" />
        </Center>
      )}
    </div>
  );
}

function Outcome({ test: { ok, reason, durationMs } }: { readonly test: AlertTest }) {
  if (!ok) {
    return (
      <Alert color="red" variant="light" icon={<IconPlugConnectedX aria-hidden />} title="Not delivered">
        <Text fz="sm">{reason ?? 'The receiver did not take it.'}</Text>
      </Alert>
    );
  }
  return (
    <Alert color="green" variant="light" icon={<IconCircleCheck aria-hidden />} title="Delivered">
      <Text fz="sm">The receiver took the test alert after {formatDuration(durationMs)}.</Text>
    </Alert>
  );
}
