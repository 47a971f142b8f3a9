import { Skeleton } from '@mantine/core';
import { lazy, Suspense, type ComponentProps } from 'react';

const Chart = lazy(async () => ({ default: (await import('./usage-chart.tsx')).UsageChart }));

/** {@link UsageChart}, loaded when it is first shown. */
export function LazyUsageChart(props: ComponentProps<typeof Chart>) {
  return (
    <Suspense fallback={<Skeleton height={props.height ?? 260} />}>
      <Chart {...props} />
    </Suspense>
  );
}
