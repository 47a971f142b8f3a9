import { Anchor, Group } from '@mantine/core';
import { Link, useLocation } from 'react-router';
import classes from './page-tabs.module.css';

interface PageTabsProps {
  /** What the pages have in common, for screen readers. */
  readonly label: string;
  readonly tabs: readonly { readonly to: string; readonly label: string }[];
  /** Whether the query of this page goes along, such as a range of time. */
  readonly keepSearch?: boolean;
}

/** Pages that belong together: links that look like tabs, since each has an address of its own. */
export function PageTabs({ label, tabs, keepSearch = false }: PageTabsProps) {
  const { pathname, search } = useLocation();
  return (
    <nav aria-label={label}>
      <Group gap={0} mb="lg" className={classes.list}>
        {tabs.map((tab) => (
          <Anchor
            key={tab.to}
            component={Link}
            to={keepSearch ? `${tab.to}${search}` : tab.to}
            className={classes.tab}
            underline="never"
            aria-current={pathname === tab.to ? 'page' : undefined}
          >
            {tab.label}
          </Anchor>
        ))}
      </Group>
    </nav>
  );
}
