import { Paper, SegmentedControl, SimpleGrid, Skeleton, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useSearchParams } from 'react-router';
import { ErrorPanel } from '../../../components/error-panel.tsx';
import { PageHeader } from '../../../components/page-header.tsx';
import { StatTile } from '../../../components/stat-tile.tsx';
import { formatCount } from '../../../lib/format-number.ts';
import { usageSummaryQuery, usageTimeseriesQuery } from '../../usage/api/usage.ts';
import { stackByOutcome } from '../../usage/components/chart-series.ts';
import { LazyUsageChart } from '../../usage/components/lazy-usage-chart.tsx';
import { describeRange, PRESETS as USAGE_PRESETS } from '../../usage/components/usage-range.ts';
import { UsageTiles } from '../../usage/components/usage-tiles.tsx';
import { virtualKeysQuery } from '../../virtual-keys/api/virtual-keys.ts';
import { GatewayStrip } from '../components/gateway-strip.tsx';
import { OnboardingChecklist } from '../components/onboarding-checklist.tsx';
import { TopList } from '../components/top-list.tsx';
import { useOnboardingSteps } from '../components/use-onboarding-steps.ts';

/** Longer ranges are for the usage page. */
const PRESETS = USAGE_PRESETS.filter(({ value }) => value !== '90d' && value !== '365d');

/** The state of things at a glance. The range stands in the URL. */
export function OverviewPage() {
  const [search, setSearch] = useSearchParams();
  const preset = PRESETS.find(({ value }) => value === search.get('range'))?.value ?? '24h';
  const steps = useOnboardingSteps();
  const range = { preset };
  return (
    <>
      <PageHeader
        title="Overview"
        description={`What passed through the gateways in ${describeRange(range)}.`}
        actions={
          <SegmentedControl
            aria-label="Range"
            data={PRESETS.map(({ value, label }) => ({ value, label }))}
            value={preset}
            onChange={(value) => setSearch({ range: value })}
          />
        }
      />
      {steps && <OnboardingChecklist steps={steps} />}
      <Stack gap="lg">
        <Tiles range={range} />
        <RequestsChart range={range} />
        <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
          <TopList title="Top models" groupBy="model" range={range} />
          <TopList title="Top keys" groupBy="key" range={range} />
        </SimpleGrid>
        <GatewayStrip />
      </Stack>
    </>
  );
}

interface RangeProps {
  readonly range: { readonly preset: (typeof PRESETS)[number]['value'] };
}

function Tiles({ range }: RangeProps) {
  const summary = useQuery(usageSummaryQuery({ range, groupBy: 'key' }));
  const keys = useQuery(virtualKeysQuery({ limit: 1 })).data;
  if (summary.error && !summary.data)
    return <ErrorPanel error={summary.error} onRetry={() => void summary.refetch()} />;
  const active = summary.data?.items.filter(({ key, requests }) => key && requests > 0).length;
  return (
    <UsageTiles totals={summary.data?.total} count={6}>
      <StatTile
        label="Active keys"
        value={active === undefined ? undefined : formatCount(active)}
        detail={keys && `of ${formatCount(keys.total)} issued`}
      />
    </UsageTiles>
  );
}

function RequestsChart({ range }: RangeProps) {
  const timeseries = useQuery(usageTimeseriesQuery({ range }));
  return (
    <Paper p="lg" bg="var(--penstock-surface)" component="section">
      <Title order={2} mb="md">
        Requests
      </Title>
      {timeseries.isPending && <Skeleton height={260} />}
      {timeseries.error && !timeseries.data && (
        <ErrorPanel error={timeseries.error} onRetry={() => void timeseries.refetch()} />
      )}
      {timeseries.data && timeseries.data.items.length === 0 && (
        <Text c="dimmed" fz="sm" ta="center" py={90}>
          No request finished in {describeRange(range)}.
        </Text>
      )}
      {timeseries.data && timeseries.data.items.length > 0 && (
        <LazyUsageChart
          data={stackByOutcome(timeseries.data)}
          metric="requests"
          interval={timeseries.data.interval}
          timeZone={timeseries.data.timeZone}
          label={`Requests over time in ${describeRange(range)}, by outcome`}
        />
      )}
    </Paper>
  );
}
