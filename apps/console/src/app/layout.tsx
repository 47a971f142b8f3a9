import { AppShell, Box, Burger, Group, UnstyledButton } from '@mantine/core';
import { useDisclosure, useMediaQuery } from '@mantine/hooks';
import { Suspense } from 'react';
import { Link, Outlet, useNavigation } from 'react-router';
import { Brand } from '../components/brand.tsx';
import { PageLoader } from '../components/page-loader.tsx';
import { ColorSchemeToggle } from './color-scheme-toggle.tsx';
import { Palette, PaletteButton } from './palette.tsx';
import { SideBar } from './side-bar.tsx';
import { UserMenu } from './user-menu.tsx';

/** Header, side bar and the page. */
export function Layout() {
  const [opened, { toggle, close }] = useDisclosure(false);
  // A side bar that is out of sight must be out of the keyboard's way too.
  const wide = useMediaQuery('(min-width: 62em)', true, { getInitialValueInEffect: false });
  const busy = useNavigation().state === 'loading';
  return (
    <AppShell
      header={{ height: 60 }}
      navbar={{ width: 236, breakpoint: 'md', collapsed: { mobile: !opened } }}
      padding={{ base: 'md', sm: 'xl' }}
    >
      <a className="skip-link" href="#content">
        Skip to content
      </a>
      <AppShell.Header bg="var(--penstock-surface)">
        <Group h="100%" px="md" justify="space-between" wrap="nowrap">
          <Group gap="sm" wrap="nowrap">
            <Burger
              opened={opened}
              onClick={toggle}
              hiddenFrom="md"
              size="sm"
              aria-label={opened ? 'Close navigation' : 'Open navigation'}
              aria-expanded={opened}
            />
            <UnstyledButton component={Link} to="/" aria-label="Penstock, overview">
              <Brand />
            </UnstyledButton>
          </Group>
          <Group gap="xs" wrap="nowrap">
            <PaletteButton />
            <ColorSchemeToggle />
            <UserMenu />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="sm" bg="var(--penstock-surface)" aria-label="Pages">
        {(wide || opened) && <SideBar onNavigate={close} />}
      </AppShell.Navbar>
      <AppShell.Main
        bg="var(--penstock-canvas)"
        id="content"
        tabIndex={-1}
        style={{ outline: 'none' }}
        aria-busy={busy}
      >
        <Box maw={1280} mx="auto">
          <Suspense fallback={<PageLoader />}>
            <Outlet />
          </Suspense>
        </Box>
      </AppShell.Main>
      <Palette />
    </AppShell>
  );
}
