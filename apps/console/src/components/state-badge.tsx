import { Badge, Box } from '@mantine/core';

/** How a state should be taken. */
export type Tone = 'good' | 'warning' | 'bad' | 'neutral' | 'info';

const DOT = {
  good: 'var(--mantine-color-green-6)',
  warning: 'var(--mantine-color-yellow-6)',
  bad: 'var(--mantine-color-red-6)',
  neutral: 'var(--mantine-color-gray-5)',
  info: 'var(--mantine-color-penstock-5)',
} as const;

interface StateBadgeProps {
  readonly tone: Tone;
  readonly label: string;
}

/** A state as a word with a coloured dot: the colour only repeats what the word says. */
export function StateBadge({ tone, label }: StateBadgeProps) {
  const dot = <Box component="span" w={8} h={8} bg={DOT[tone]} style={{ borderRadius: '50%', display: 'block' }} />;
  return (
    <Badge
      variant="default"
      leftSection={dot}
      fw={500}
      size="md"
      style={{ flexShrink: 0, width: 'max-content', maxWidth: 'none' }}
    >
      {label}
    </Badge>
  );
}
