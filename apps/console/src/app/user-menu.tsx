import { Avatar, Menu, Text, UnstyledButton } from '@mantine/core';
import { IconLogout, IconUser } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useLogout } from '../features/auth/api/login.ts';
import { notifyFailed } from '../lib/notify.ts';
import { sessionQuery } from '../lib/session.ts';

/** Who is logged in, and the way out. */
export function UserMenu() {
  const user = useQuery(sessionQuery).data?.user;
  const logout = useLogout();
  if (!user) return null;
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <UnstyledButton aria-label={`Account of ${user.displayName}`} style={{ borderRadius: '50%' }}>
          <Avatar radius="xl" size={34} color="penstock" aria-hidden>
            <IconUser size={19} stroke={1.8} />
          </Avatar>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          <Text fz="sm" fw={600} c="bright">
            {user.displayName}
          </Text>
          <Text fz="xs" c="dimmed">
            {user.email} · {user.role}
          </Text>
        </Menu.Label>
        <Menu.Divider />
        <Menu.Item
          leftSection={<IconLogout size={16} aria-hidden />}
          onClick={() => logout.mutate(undefined, { onError: notifyFailed })}
        >
          Log out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
