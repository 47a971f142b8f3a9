import { Stack, Text, ThemeIcon } from '@mantine/core';
import { IconDroplet } from '@tabler/icons-react';
import type { ReactNode } from 'react';

interface EmptyStateProps {
  /** One sentence: what would stand here. */
  readonly message: string;
  /** The one thing to do about it. */
  readonly action?: ReactNode;
}

/** What a list shows when there is nothing in it. */
export function EmptyState({ message, action }: EmptyStateProps) {
  return (
    <Stack align="center" gap="sm" py={48} px="md">
      <ThemeIcon variant="light" size={44} radius="xl" aria-hidden>
        <IconDroplet size={22} />
      </ThemeIcon>
      <Text c="dimmed" ta="center" maw={420}>
        {message}
      </Text>
      {action}
    </Stack>
  );
}
