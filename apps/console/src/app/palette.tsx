import { ActionIcon, Button, Kbd } from '@mantine/core';
import { Spotlight, spotlight, type SpotlightActionGroupData } from '@mantine/spotlight';
import { IconKey, IconPlus, IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { virtualKeysQuery } from '../features/virtual-keys/api/virtual-keys.ts';
import { usePermissions } from '../lib/session.ts';
import { navigationFor } from './navigation.ts';

const CREATE = [
  { label: 'Create a provider', to: '/providers/new' },
  { label: 'Create a proxy', to: '/proxies/new' },
  { label: 'Create a virtual key', to: '/virtual-keys?create=1' },
  { label: 'Create a quota', to: '/quotas/new' },
  { label: 'Create a model price', to: '/model-prices/new' },
  { label: 'Create an alert channel', to: '/alerts/channels?create=1' },
] as const;

const SHORTCUT = /Mac|iPhone|iPad/.test(navigator.userAgent) ? '⌘ K' : 'Ctrl K';

/** Opens the palette. */
export function PaletteButton() {
  return (
    <>
      <Button
        variant="default"
        visibleFrom="sm"
        leftSection={<IconSearch size={16} aria-hidden />}
        rightSection={
          <Kbd size="xs" aria-hidden>
            {SHORTCUT}
          </Kbd>
        }
        onClick={spotlight.open}
        fw={450}
        c="dimmed"
      >
        Search
      </Button>
      <ActionIcon
        variant="default"
        size="lg"
        hiddenFrom="sm"
        onClick={spotlight.open}
        aria-label="Search pages and keys"
      >
        <IconSearch size={18} aria-hidden />
      </ActionIcon>
    </>
  );
}

/** Mod+K: jumps to pages, keys and the forms that create something. */
export function Palette() {
  const navigate = useNavigate();
  const permissions = usePermissions();
  const [text, setText] = useState('');
  const [q] = useDebouncedValue(text.trim(), 200);
  const keys = useQuery({ ...virtualKeysQuery({ limit: 6, q }), enabled: q.length > 1 });
  const go = (to: string) => ({ onClick: () => void navigate(to) });

  const groups: SpotlightActionGroupData[] = [
    ...navigationFor(permissions).map((group) => ({
      group: group.label,
      actions: group.items.flatMap(({ icon: Icon, parts = [], ...item }) =>
        [item, ...parts].map(({ label, to, description }) => ({
          id: to,
          label,
          description,
          leftSection: <Icon size={20} stroke={1.6} aria-hidden />,
          ...go(to),
        })),
      ),
    })),
    {
      group: 'Create',
      actions: (permissions.canWrite ? CREATE : []).map(({ label, to }) => ({
        id: to,
        label,
        leftSection: <IconPlus size={20} stroke={1.6} aria-hidden />,
        ...go(to),
      })),
    },
    {
      group: 'Keys',
      actions: (q.length > 1 ? (keys.data?.items ?? []) : []).map(({ metadata, status }) => ({
        id: `key:${metadata.name}`,
        label: metadata.name,
        description: `${status.prefix}…${status.lastFour}`,
        keywords: [text, status.prefix],
        leftSection: <IconKey size={20} stroke={1.6} aria-hidden />,
        ...go(`/virtual-keys/${encodeURIComponent(metadata.name)}`),
      })),
    },
  ];
  return (
    <Spotlight
      actions={groups.filter(({ actions }) => actions.length > 0)}
      shortcut="mod + K"
      nothingFound="Nothing found"
      highlightQuery
      scrollable
      maxHeight={440}
      query={text}
      onQueryChange={setText}
      searchProps={{
        leftSection: <IconSearch size={18} aria-hidden />,
        placeholder: 'Search pages and keys',
        'aria-label': 'Search pages and keys',
      }}
    />
  );
}
