import { Alert, Button, Group, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { ApiError, messageOf } from '../lib/api-error.ts';

interface ErrorPanelProps {
  readonly error: unknown;
  readonly onRetry?: () => void;
}

/** What went wrong, the request id for the logs, and a way to try again. */
export function ErrorPanel({ error, onRetry }: ErrorPanelProps) {
  const requestId = error instanceof ApiError ? error.requestId : null;
  return (
    <Alert
      color="red"
      variant="light"
      icon={<IconAlertTriangle aria-hidden />}
      title="This could not be loaded"
      role="alert"
    >
      <Text fz="sm">{messageOf(error)}</Text>
      {requestId && (
        <Text fz="xs" mt={4}>
          Request {requestId}
        </Text>
      )}
      {onRetry && (
        <Group mt="sm">
          <Button size="xs" variant="default" onClick={onRetry}>
            Try again
          </Button>
        </Group>
      )}
    </Alert>
  );
}
