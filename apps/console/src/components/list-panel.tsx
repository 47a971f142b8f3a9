import { Box, Button, Group, Paper, Select, Text, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useState, type ReactNode } from 'react';
import { formatCount } from '../lib/format-number.ts';
import { PAGE_SIZE, type ListSearch } from '../lib/list-search.ts';
import { ErrorPanel } from './error-panel.tsx';

interface PageOfList {
  readonly items: readonly unknown[];
  readonly total: number;
  readonly nextCursor: string | null;
}

interface ListPanelProps {
  /** What is listed, in the plural: `providers`. */
  readonly noun: string;
  readonly list: ListSearch;
  readonly result: { readonly data?: PageOfList | undefined; readonly error: unknown; refetch(): unknown };
  /** False for lists that the server does not search. */
  readonly searchable?: boolean;
  readonly sortable?: boolean;
  /** Beside the search: what else the list can be narrowed to. */
  readonly filters?: ReactNode;
  readonly children: ReactNode;
}

/** Frame of a list: search, order, the table, and the pager with the exact total. */
export function ListPanel(props: ListPanelProps) {
  const { noun, list, result, searchable = true, sortable = true, filters, children } = props;
  if (result.error && !result.data) return <ErrorPanel error={result.error} onRetry={() => void result.refetch()} />;
  return (
    <Paper bg="var(--penstock-surface)">
      {(searchable || sortable || filters) && (
        <Group p="md" pb="xs" justify="space-between">
          <Group gap="sm">
            {searchable && <SearchBox noun={noun} list={list} />}
            {filters}
          </Group>
          {sortable && <SortSelect list={list} />}
        </Group>
      )}
      <Box>{children}</Box>
      {result.data && <Pager noun={noun} list={list} data={result.data} />}
    </Paper>
  );
}

function SearchBox({ noun, list }: Pick<ListPanelProps, 'noun' | 'list'>) {
  const [text, setText] = useState(list.q);
  const search = useDebouncedCallback(list.setQ, 250);
  return (
    <TextInput
      aria-label={`Search ${noun}`}
      placeholder={`Search ${noun}`}
      type="search"
      leftSection={<IconSearch size={16} aria-hidden />}
      value={text}
      w={{ base: '100%', xs: 280 }}
      onChange={(event) => {
        setText(event.currentTarget.value);
        search(event.currentTarget.value.trim());
      }}
    />
  );
}

const ORDERS = [
  { value: 'name', label: 'Name A–Z' },
  { value: '-name', label: 'Name Z–A' },
  { value: '-createdAt', label: 'Newest first' },
  { value: 'createdAt', label: 'Oldest first' },
  { value: '-updatedAt', label: 'Last changed' },
];

function SortSelect({ list }: Pick<ListPanelProps, 'list'>) {
  return (
    <Select
      aria-label="Order"
      data={ORDERS}
      value={list.sort}
      allowDeselect={false}
      w={160}
      onChange={(order) => order && list.setSort(order)}
    />
  );
}

interface PagerProps extends Pick<ListPanelProps, 'noun' | 'list'> {
  readonly data: PageOfList;
}

function Pager({ noun, list, data }: PagerProps) {
  const first = (list.page - 1) * PAGE_SIZE;
  const { nextCursor } = data;
  if (data.total === 0) return null;
  return (
    <Group justify="space-between" p="sm" px="md" className="tabular">
      <Text fz="sm" c="dimmed" role="status">
        {nextCursor || list.page > 1
          ? `${formatCount(first + 1)}–${formatCount(first + data.items.length)} of ${formatCount(data.total)} ${noun}`
          : `${formatCount(data.total)} ${noun}`}
      </Text>
      {(nextCursor || list.page > 1) && (
        <Group gap="xs">
          <Button size="xs" variant="default" disabled={list.page === 1} onClick={list.previous}>
            Previous page
          </Button>
          <Button
            size="xs"
            variant="default"
            disabled={!nextCursor}
            onClick={() => nextCursor && list.next(nextCursor)}
          >
            Next page
          </Button>
        </Group>
      )}
    </Group>
  );
}
