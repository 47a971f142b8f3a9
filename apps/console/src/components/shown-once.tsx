import { Alert, Button, Checkbox, Code, Group, Stack } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { CopyButton } from './copy-button.tsx';

interface ShownOnceProps {
  /** What it is, in lower case: `token`, `signing secret`. */
  readonly what: string;
  readonly value: string;
  /** What else has to be said than that this is the only time. */
  readonly note?: string;
  /** Called when the admin has stored it: the value has to be forgotten then. */
  readonly onStored: () => void;
  /** Stands below the value. */
  readonly children?: ReactNode;
}

/** A value that the server tells only once, to be copied; "Done" opens after "I have stored it". */
export function ShownOnce({ what, value, note, onStored, children }: ShownOnceProps) {
  const [stored, setStored] = useState(false);
  return (
    <Stack>
      <Alert color="yellow" variant="light" icon={<IconAlertTriangle aria-hidden />} role="status">
        This is the only time the {what} is shown.{note && ` ${note}`}
      </Alert>
      <Group gap="xs" wrap="nowrap" align="center">
        <Code
          block
          flex={1}
          fz={13}
          role="region"
          aria-label={what.charAt(0).toUpperCase() + what.slice(1)}
          tabIndex={0}
          style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}
        >
          {value}
        </Code>
        <CopyButton value={value} label={`Copy ${what}`} />
      </Group>
      {children}
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
