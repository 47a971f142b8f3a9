import { Paper, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';

interface FormSectionProps {
  readonly title: string;
  readonly description?: ReactNode;
  readonly children: ReactNode;
}

/** A titled part of a form or page. */
export function FormSection({ title, description, children }: FormSectionProps) {
  return (
    <Paper p="lg" bg="var(--penstock-surface)" component="section">
      <Title order={2}>{title}</Title>
      {description && (
        <Text fz="sm" c="dimmed" mt={2}>
          {description}
        </Text>
      )}
      <Stack mt="md" gap="md">
        {children}
      </Stack>
    </Paper>
  );
}
