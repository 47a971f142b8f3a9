import { Button, Group, Paper, Stack, Text, Title } from '@mantine/core';
import type { LatencyPercentiles, UsageGroup, UsageSummary } from '@penstock/contracts';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { DataTable, type Column } from '../../../components/data-table.tsx';
import { EmptyState } from '../../../components/empty-state.tsx';
import { ErrorPanel } from '../../../components/error-panel.tsx';
import { formatDuration } from '../../../lib/format-duration.ts';
import { usagePercentilesQuery } from '../api/usage.ts';
import { UNNAMED } from './chart-series.ts';
import { GROUPS, type UsageView } from './usage-range.ts';

/** Percentiles of latency; asked for, because they take longer than sums. */
export function LatencyPanel({ view }: { readonly view: UsageView }) {
  const [asked, setAsked] = useState(false);
  return (
    <Paper bg="var(--penstock-surface)" component="section" aria-label="Latency">
      <Group justify="space-between" p="lg" pb={asked ? 'xs' : 'lg'}>
        <div>
          <Title order={2}>Latency</Title>
          <Text fz="sm" c="dimmed">
            {asked
              ? 'Of the requests that finished: half, 95 and 99 of a hundred took no longer. Exact to 5 percent.'
              : 'How long requests took, and how soon the first token came: median, 95th and 99th percentile.'}
          </Text>
        </div>
        {!asked && (
          <Button variant="default" onClick={() => setAsked(true)}>
            Show percentiles
          </Button>
        )}
      </Group>
      {asked && <Percentiles view={view} />}
    </Paper>
  );
}

interface Row {
  readonly name: string;
  readonly durationMs: LatencyPercentiles | null;
  readonly firstTokenMs: LatencyPercentiles | null;
}

function Percentiles({ view }: { readonly view: UsageView }) {
  const summary = useQuery(usagePercentilesQuery(view));
  const label = GROUPS.find(({ value }) => value === view.groupBy)?.label ?? 'Name';
  if (summary.error && !summary.data) {
    return (
      <Stack p="lg" pt={0}>
        <ErrorPanel error={summary.error} onRetry={() => void summary.refetch()} />
      </Stack>
    );
  }
  return (
    <DataTable
      label={`Latency by ${label.toLowerCase()}`}
      columns={[{ header: label, render: ({ name }) => name }, ...FIGURES]}
      rows={summary.data && rowsOf(summary.data, view.groupBy)}
      rowKey={({ name }) => name}
      empty={<EmptyState message="No request finished in this range." />}
    />
  );
}

function rowsOf({ items, total }: UsageSummary, groupBy: UsageGroup): Row[] {
  if (items.length === 0) return [];
  return [...items.map((item) => ({ ...item, name: item[groupBy] ?? UNNAMED })), { ...total, name: 'All' }].map(
    ({ name, durationMs = null, firstTokenMs = null }) => ({ name, durationMs, firstTokenMs }),
  );
}

const figure = (header: string, of: (row: Row) => number | undefined, visibleFrom?: 'sm' | 'md'): Column<Row> => ({
  header,
  align: 'right',
  render: (row) => formatDuration(of(row) ?? null),
  ...(visibleFrom ? { visibleFrom } : {}),
});

const FIGURES: readonly Column<Row>[] = [
  figure('First token p50', ({ firstTokenMs }) => firstTokenMs?.p50),
  figure('First token p95', ({ firstTokenMs }) => firstTokenMs?.p95, 'sm'),
  figure('First token p99', ({ firstTokenMs }) => firstTokenMs?.p99, 'md'),
  figure('Duration p50', ({ durationMs }) => durationMs?.p50),
  figure('Duration p95', ({ durationMs }) => durationMs?.p95, 'sm'),
  figure('Duration p99', ({ durationMs }) => durationMs?.p99, 'md'),
];
