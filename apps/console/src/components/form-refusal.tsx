import { Alert, List, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';

/** Why a form was refused: the message first, then what belongs to no field. Nothing without messages. */
export function FormRefusal({ messages }: { readonly messages: readonly string[] }) {
  const [message, ...rest] = messages;
  if (!message) return null;
  return (
    <Alert color="red" variant="light" icon={<IconAlertTriangle aria-hidden />} role="alert">
      <Text fz="sm">{message}</Text>
      {rest.length > 0 && (
        <List fz="sm" mt={4}>
          {rest.map((line) => (
            <List.Item key={line}>{line}</List.Item>
          ))}
        </List>
      )}
    </Alert>
  );
}
