import { Anchor, Group } from '@mantine/core';
import { Link, useLocation } from 'react-router';
import classes from './settings-tabs.module.css';

const TABS = [
  { to: '/settings/users', label: 'Users' },
  { to: '/settings/admin-tokens', label: 'Admin tokens' },
] as const;

/** The pages of the settings: links that look like tabs, since each has an address of its own. */
export function SettingsTabs() {
  const { pathname } = useLocation();
  return (
    <nav aria-label="Settings">
      <Group gap={0} mb="lg" className={classes.list}>
        {TABS.map(({ to, label }) => (
          <Anchor
            key={to}
            component={Link}
            to={to}
            className={classes.tab}
            underline="never"
            aria-current={pathname === to ? 'page' : undefined}
          >
            {label}
          </Anchor>
        ))}
      </Group>
    </nav>
  );
}
