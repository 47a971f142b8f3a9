import { Anchor, Group, Paper, Progress, Stack, Text, ThemeIcon, Title } from '@mantine/core';
import { IconCheck, IconCircle } from '@tabler/icons-react';
import { Link } from 'react-router';

/** One thing to do before the first request can be answered. */
export interface OnboardingStep {
  readonly label: string;
  readonly done: boolean;
  readonly to: string;
  readonly action: string;
}

/** What is still missing for a first answered request. Nothing once all is done. */
export function OnboardingChecklist({ steps }: { readonly steps: readonly OnboardingStep[] }) {
  const done = steps.filter((step) => step.done).length;
  if (done === steps.length) return null;
  return (
    <Paper p="lg" bg="var(--penstock-surface)" component="section" mb="lg" aria-label="First steps">
      <Group justify="space-between" mb="xs">
        <Title order={2}>First steps</Title>
        <Text fz="sm" c="dimmed">
          {done} of {steps.length} done
        </Text>
      </Group>
      <Progress value={(done / steps.length) * 100} size="xs" mb="md" aria-label="First steps done" />
      <Stack gap="sm" component="ol" m={0} p={0} style={{ listStyle: 'none' }}>
        {steps.map((step) => (
          <Group key={step.label} component="li" gap="sm" wrap="nowrap">
            <ThemeIcon variant={step.done ? 'filled' : 'default'} size={24} radius="xl" aria-hidden>
              {step.done ? <IconCheck size={15} /> : <IconCircle size={10} />}
            </ThemeIcon>
            <Text fz="sm" flex={1} c={step.done ? 'dimmed' : 'bright'} fw={step.done ? 400 : 500}>
              {step.label}
              {step.done && ' – done'}
            </Text>
            {!step.done && (
              <Anchor component={Link} to={step.to} fz="sm" fw={550}>
                {step.action}
              </Anchor>
            )}
          </Group>
        ))}
      </Stack>
    </Paper>
  );
}
