import { Group, Paper, SegmentedControl, Skeleton, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useSearchParams } from 'react-router';
import { ErrorPanel } from '../../../components/error-panel.tsx';
import { PageHeader } from '../../../components/page-header.tsx';
import { usageSummaryQuery, usageTimeseriesQuery } from '../api/usage.ts';
import { stackByGroup, type UsageMetric } from '../components/chart-series.ts';
import { LazyUsageChart } from '../components/lazy-usage-chart.tsx';
import { describeRange, GROUPS, readUsageView, type UsageView } from '../components/usage-range.ts';
import { UsageTable } from '../components/usage-table.tsx';
import { UsageTiles } from '../components/usage-tiles.tsx';
import { UsageToolbar } from '../components/usage-toolbar.tsx';

const METRICS = [
  { value: 'requests', label: 'Requests' },
  { value: 'tokens', label: 'Tokens' },
  { value: 'cost', label: 'Cost' },
] as const;

/** Who spends what. Range, grouping, filters and metric stand in the URL. */
export function UsagePage() {
  const [search, setSearch] = useSearchParams();
  const view = readUsageView(search);
  const metric = METRICS.find(({ value }) => value === search.get('metric'))?.value ?? 'tokens';
  const summary = useQuery(usageSummaryQuery(view));

  const change = (changes: Readonly<Record<string, string | null>>) =>
    setSearch((current) => {
      const next = new URLSearchParams(current);
      for (const [name, value] of Object.entries(changes)) {
        if (value === null) next.delete(name);
        else next.set(name, value);
      }
      return next;
    });

  return (
    <>
      <PageHeader
        title="Usage"
        description={`Requests that finished in ${describeRange(view.range)}. Buckets of a day are cut in UTC.`}
      />
      <UsageToolbar view={view} onChange={change} />
      {summary.error && !summary.data ? (
        <ErrorPanel error={summary.error} onRetry={() => void summary.refetch()} />
      ) : (
        <Stack gap="lg">
          <UsageTiles totals={summary.data?.total} count={5} />
          <ChartPanel view={view} metric={metric} onMetric={(value) => change({ metric: value })} />
          <Paper bg="var(--penstock-surface)">
            <UsageTable
              groupBy={view.groupBy}
              summary={summary.data}
              onPick={(name) => change({ [view.groupBy]: name })}
            />
          </Paper>
        </Stack>
      )}
    </>
  );
}

interface ChartPanelProps {
  readonly view: UsageView;
  readonly metric: UsageMetric;
  readonly onMetric: (metric: string) => void;
}

function ChartPanel({ view, metric, onMetric }: ChartPanelProps) {
  const timeseries = useQuery(usageTimeseriesQuery(view));
  const group = GROUPS.find(({ value }) => value === view.groupBy)?.label.toLowerCase() ?? 'name';
  const title = `${METRICS.find(({ value }) => value === metric)?.label ?? ''} by ${group}`;
  return (
    <Paper p="lg" bg="var(--penstock-surface)" component="section">
      <Group justify="space-between" mb="md">
        <Title order={2}>{title}</Title>
        <SegmentedControl size="xs" aria-label="Metric" data={[...METRICS]} value={metric} onChange={onMetric} />
      </Group>
      {timeseries.error && !timeseries.data && (
        <ErrorPanel error={timeseries.error} onRetry={() => void timeseries.refetch()} />
      )}
      {timeseries.isPending && <Skeleton height={260} />}
      {timeseries.data && timeseries.data.items.length === 0 && (
        <Text c="dimmed" fz="sm" ta="center" py={90}>
          Nothing to draw in this range.
        </Text>
      )}
      {timeseries.data && timeseries.data.items.length > 0 && (
        <LazyUsageChart
          data={stackByGroup(timeseries.data, view.groupBy, metric)}
          metric={metric}
          interval={timeseries.data.interval}
          label={`${title} over time; the table below has the exact figures`}
        />
      )}
    </Paper>
  );
}
