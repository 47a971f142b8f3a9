import { Paper, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { ErrorPanel } from '../../../components/error-panel.tsx';
import { PageHeader } from '../../../components/page-header.tsx';
import { useOrganizationTimeZone } from '../../settings/api/organization.ts';
import { usageSummaryQuery } from '../api/usage.ts';
import { ChartPanel, METRICS } from '../components/chart-panel.tsx';
import { ExportButton } from '../components/export-button.tsx';
import { LatencyPanel } from '../components/latency-panel.tsx';
import { UsageCaveats } from '../components/usage-caveats.tsx';
import { describeRange } from '../components/usage-range.ts';
import { UsageTable } from '../components/usage-table.tsx';
import { UsageTabs } from '../components/usage-tabs.tsx';
import { UsageTiles } from '../components/usage-tiles.tsx';
import { UsageToolbar } from '../components/usage-toolbar.tsx';
import { useUsageView } from '../components/use-usage-view.ts';

/** Who spends what. Range, time zone, grouping, filters and metric stand in the URL. */
export function UsagePage() {
  const { view, search, change } = useUsageView();
  // The outcome narrows single requests only, wherever it came from.
  const { outcome: _, ...sums } = view;
  const metric = METRICS.find(({ value }) => value === search.get('metric'))?.value ?? 'tokens';
  const summary = useQuery(usageSummaryQuery(view));
  const defaultTimeZone = useOrganizationTimeZone();
  const timeZone = view.timeZone ?? defaultTimeZone;

  return (
    <>
      <PageHeader
        title="Usage"
        description={`Requests that finished in ${describeRange(view.range)}, by the calendar of ${timeZone}.`}
        actions={
          <>
            <ExportButton view={sums} file="focus.csv" />
            <ExportButton view={sums} file="export.csv" />
          </>
        }
      />
      <UsageTabs />
      <UsageToolbar view={view} defaultTimeZone={defaultTimeZone} onChange={change} />
      {summary.error && !summary.data ? (
        <ErrorPanel error={summary.error} onRetry={() => void summary.refetch()} />
      ) : (
        <Stack gap="lg">
          <UsageTiles totals={summary.data?.total} count={5} />
          {summary.data && <UsageCaveats totals={summary.data.total} />}
          <ChartPanel view={view} metric={metric} onChange={change} />
          <Paper bg="var(--penstock-surface)">
            <UsageTable
              groupBy={view.groupBy}
              summary={summary.data}
              onPick={(name) => change({ [view.groupBy]: name })}
            />
          </Paper>
          <LatencyPanel view={view} />
        </Stack>
      )}
    </>
  );
}
