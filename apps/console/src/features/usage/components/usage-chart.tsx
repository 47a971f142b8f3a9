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
  /** In which the columns were cut. */
  readonly timeZone: string;
  /** What the chart shows, for those who cannot see it; the exact figures stand in a table. */
  readonly label: string;
  readonly height?: number;
}

/** Stacked columns over time. A module of its own: the chart library is loaded only where a chart is shown. */
export function UsageChart({ data, metric, interval, timeZone, label, height = 260 }: UsageChartProps) {
  const still = useReducedMotion();
  const money = metric === 'cost';
  const tick = tickFormat({ interval, timeZone });
  const series = data.series.map((name, index) => ({ name, color: colorOf(name, index) }));
  return (
    <>
      <div role="img" aria-label={label}>
        <BarChart
          h={height}
          data={data.rows.map((row) => ({ ...row, start: tick(row.start) }))}
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

const TICKS = {
  minute: { hour: '2-digit', minute: '2-digit' },
  hour: { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' },
  day: { day: 'numeric', month: 'short' },
  week: { day: 'numeric', month: 'short' },
  month: { month: 'short', year: 'numeric' },
} as const satisfies Record<UsageTimeseriesQuery['interval'], Intl.DateTimeFormatOptions>;

/** How a column is called: in the time zone that it was cut in, in any other a day would begin on the day before. */
function tickFormat({ interval, timeZone }: Pick<UsageChartProps, 'interval' | 'timeZone'>) {
  const format = new Intl.DateTimeFormat('en-GB', { ...TICKS[interval], timeZone });
  return (start: string) => format.format(new Date(start));
}
