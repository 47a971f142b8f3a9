import '@mantine/charts/styles.css';
import { BarChart } from '@mantine/charts';
import { ColorSwatch, Group, Text } from '@mantine/core';
import { useReducedMotion } from '@mantine/hooks';
import type { UsageTimeseriesQuery } from '@penstock/contracts';
import { formatCost } from '../../../lib/format-cost.ts';
import { formatCompact, formatCount } from '../../../lib/format-number.ts';
import type { ChartData, UsageMetric } from './chart-series.ts';

const COLORS = ['penstock.7', 'indigo.5', 'yellow.6', 'grape.5', 'lime.6', 'orange.6', 'cyan.4', 'gray.5'];
const OUTCOME_COLORS: Readonly<Record<string, string>> = { Succeeded: 'penstock.6', Failed: 'red.6', Others: 'gray.5' };

interface UsageChartProps {
  readonly data: ChartData;
  readonly metric: UsageMetric;
  readonly interval: UsageTimeseriesQuery['interval'];
  /** What the chart shows, for those who cannot see it; the exact figures stand in a table. */
  readonly label: string;
  readonly height?: number;
}

/** Stacked columns over time. A module of its own: the chart library is loaded only where a chart is shown. */
export function UsageChart({ data, metric, interval, label, height = 260 }: UsageChartProps) {
  const still = useReducedMotion();
  const money = metric === 'cost';
  const series = data.series.map((name, index) => ({ name, color: colorOf(name, index) }));
  return (
    <>
      <div role="img" aria-label={label}>
        <BarChart
          h={height}
          data={data.rows.map((row) => ({ ...row, start: tick(row.start, interval) }))}
          dataKey="start"
          type="stacked"
          series={series}
          tickLine="none"
          gridAxis="x"
          valueFormatter={(value) => (money ? formatCost(value * 1_000_000) : formatCount(value))}
          yAxisProps={{ width: 64, allowDecimals: money, ...(money ? {} : { tickFormatter: formatCompact }) }}
          xAxisProps={{ minTickGap: 24 }}
          barProps={{ isAnimationActive: !still, maxBarSize: 40 }}
          tooltipAnimationDuration={0}
        />
      </div>
      {series.length > 1 && <Legend series={series} />}
    </>
  );
}

interface Series {
  readonly name: string;
  readonly color: string;
}

/** The chart library's own legend runs out of its box when it wraps. */
function Legend({ series }: { readonly series: readonly Series[] }) {
  return (
    <Group gap="md" justify="center" mt="xs" aria-hidden>
      {series.map(({ name, color }) => (
        <Group key={name} gap={6} wrap="nowrap" maw={220}>
          <ColorSwatch size={10} color={`var(--mantine-color-${color.replace('.', '-')})`} withShadow={false} />
          <Text fz="xs" truncate title={name}>
            {name}
          </Text>
        </Group>
      ))}
    </Group>
  );
}

function colorOf(name: string, index: number): string {
  return OUTCOME_COLORS[name] ?? COLORS[index % COLORS.length] ?? 'gray.5';
}

const CLOCK = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const DAY_AND_CLOCK = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
});
// Days are cut in UTC; in another time zone their start would fall on the day before.
const DAY = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' });

function tick(start: string, interval: UsageChartProps['interval']): string {
  const format = { minute: CLOCK, hour: DAY_AND_CLOCK, day: DAY }[interval];
  return format.format(new Date(start));
}
