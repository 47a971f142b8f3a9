import { Box, NavLink, ScrollArea, Stack, Text } from '@mantine/core';
import { Link, useLocation } from 'react-router';
import { usePermissions } from '../lib/session.ts';
import { navigationFor, type NavigationGroup, type NavigationItem } from './navigation.ts';

/** The pages of the console. `onNavigate` closes the side bar on narrow windows. */
export function SideBar({ onNavigate }: { readonly onNavigate: () => void }) {
  const groups = navigationFor(usePermissions());
  return (
    <ScrollArea style={{ flex: 1 }} viewportProps={{ tabIndex: -1 }}>
      <Stack gap="lg" py="xs">
        {groups.map((group) => (
          <Group key={group.label} group={group} onNavigate={onNavigate} />
        ))}
      </Stack>
    </ScrollArea>
  );
}

interface GroupProps {
  readonly group: NavigationGroup;
  readonly onNavigate: () => void;
}

function Group({ group, onNavigate }: GroupProps) {
  const { pathname } = useLocation();
  return (
    <Box>
      <Text fz="xs" fw={600} c="dimmed" px="sm" mb={4}>
        {group.label}
      </Text>
      {group.items.map((item) => {
        const { label, to, icon: Icon } = item;
        const active = isActive(pathname, item);
        return (
          <NavLink
            key={to}
            component={Link}
            to={to}
            label={label}
            active={active}
            aria-current={active ? 'page' : undefined}
            leftSection={<Icon size={18} stroke={1.7} aria-hidden />}
            onClick={onNavigate}
            fw={active ? 600 : 450}
            style={{ borderRadius: 'var(--mantine-radius-md)' }}
          />
        );
      })}
    </Box>
  );
}

function isActive(pathname: string, { to, parts = [] }: NavigationItem): boolean {
  if (to === '/') return pathname === '/';
  return [to, ...parts.map((part) => part.to)].some((page) => {
    const section = `/${page.split('/')[1] ?? ''}`;
    return pathname === section || pathname.startsWith(`${section}/`);
  });
}
