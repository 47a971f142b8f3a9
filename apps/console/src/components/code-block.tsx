import { Code, Group, Stack, Text } from '@mantine/core';
import { CopyButton } from './copy-button.tsx';

interface CodeBlockProps {
  readonly code: string;
  /** What the code is, for the region and the copy button: `curl snippet`. */
  readonly label: string;
  /** What to do with the code. */
  readonly hint?: string | undefined;
}

/** Code to be copied. */
export function CodeBlock({ code, label, hint }: CodeBlockProps) {
  return (
    <Stack gap={6}>
      <Group justify="space-between" wrap="nowrap" mih={28}>
        <Text fz="xs" c="dimmed">
          {hint}
        </Text>
        <CopyButton value={code} label={`Copy ${label}`} />
      </Group>
      <Code block role="region" aria-label={label} tabIndex={0} fz={12.5} mah={360}>
        {code}
      </Code>
    </Stack>
  );
}
