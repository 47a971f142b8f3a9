import { Anchor, Box, Group, Stack, Text, Title } from '@mantine/core';
import { IconChevronLeft } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { Link } from 'react-router';

interface PageHeaderProps {
  readonly title: string;
  readonly description?: ReactNode;
  /** The list this page belongs to. */
  readonly parent?: { readonly label: string; readonly to: string };
  /** Beside the title: a state. */
  readonly badge?: ReactNode;
  /** The page's actions, the most important one last. */
  readonly actions?: ReactNode;
}

/** Title of a page, in the document and in the browser's tab. */
export function PageHeader({ title, description, parent, badge, actions }: PageHeaderProps) {
  return (
    <Stack gap={6} mb="lg">
      <title>{`${title} · Penstock`}</title>
      {parent && (
        <Anchor component={Link} to={parent.to} fz="sm" style={{ alignSelf: 'flex-start' }}>
          <Group gap={2} component="span">
            <IconChevronLeft size={15} aria-hidden />
            {parent.label}
          </Group>
        </Anchor>
      )}
      <Group justify="space-between" align="flex-start" gap="md">
        <Box style={{ minWidth: 0 }}>
          <Group gap="sm">
            <Title order={1} style={{ overflowWrap: 'anywhere' }}>
              {title}
            </Title>
            {badge}
          </Group>
          {description && (
            <Text c="dimmed" fz="sm" mt={4} maw={680}>
              {description}
            </Text>
          )}
        </Box>
        {actions && <Group gap="sm">{actions}</Group>}
      </Group>
    </Stack>
  );
}
