import { Group, Paper, SegmentedControl, Select, Skeleton, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { ErrorPanel } from '../../../components/error-panel.tsx';
import { usageTimeseriesQuery } from '../api/usage.ts';
import { stackByGroup, type UsageMetric } from './chart-series.ts';
import { LazyUsageChart } from './lazy-usage-chart.tsx';
import { boundsOf, GROUPS, intervalOf, INTERVALS, intervalsOf, type UsageView } from './usage-range.ts';
import type { ChangeUsageView } from './use-usage-view.ts';

/** What a chart can show. */
export const METRICS = [
  { value: 'requests', label: 'Requests' },
  { value: 'tokens', label: 'Tokens' },
  { value: 'cost', label: 'Cost' },
] as const satisfies readonly { value: UsageMetric; label: string }[];

interface ChartPanelProps {
  readonly view: UsageView;
  readonly metric: UsageMetric;
  readonly onChange: ChangeUsageView;
}

/** Usage over time, stacked by name. */
export function ChartPanel({ view, metric, onChange }: ChartPanelProps) {
  const timeseries = useQuery(usageTimeseriesQuery(view));
  const group = GROUPS.find(({ value }) => value === view.groupBy)?.label.toLowerCase() ?? 'name';
  const title = `${METRICS.find(({ value }) => value === metric)?.label ?? ''} by ${group}`;
  return (
    <Paper p="lg" bg="var(--penstock-surface)" component="section">
      <Group justify="space-between" mb="md">
        <Title order={2}>{title}</Title>
        <Group gap="xs">
          <IntervalSelect view={view} onChange={onChange} />
          <SegmentedControl
            size="xs"
            aria-label="Metric"
            data={[...METRICS]}
            value={metric}
            onChange={(value) => onChange({ metric: value })}
          />
        </Group>
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
          timeZone={timeseries.data.timeZone}
          label={`${title} over time; the table below has the exact figures`}
        />
      )}
    </Paper>
  );
}

function IntervalSelect({ view, onChange }: Pick<ChartPanelProps, 'view' | 'onChange'>) {
  const bounds = boundsOf(view.range, Date.now());
  const usual = intervalOf(bounds);
  const possible = new Set([usual, ...intervalsOf(bounds)]);
  return (
    <Select
      size="xs"
      aria-label="Interval"
      data={INTERVALS.filter(({ value }) => possible.has(value)).map(({ value, label }) => ({ value, label }))}
      value={view.interval ?? usual}
      allowDeselect={false}
      w={120}
      onChange={(value) => onChange({ interval: value === usual ? null : value })}
    />
  );
}
