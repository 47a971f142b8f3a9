import { Anchor, Group, Paper, Progress, Stack, Text, Title } from '@mantine/core';
import type { UsageSummary } from '@penstock/contracts';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { QueryGate } from '../../../components/query-gate.tsx';
import { formatCompact } from '../../../lib/format-number.ts';
import { usageSummaryQuery } from '../../usage/api/usage.ts';
import type { UsageRange } from '../../usage/components/usage-range.ts';

interface TopListProps {
  readonly title: string;
  readonly groupBy: 'model' | 'key';
  readonly range: UsageRange & { readonly preset: string };
}

const SHOWN = 5;

/** The names with the most requests. */
export function TopList({ title, groupBy, range }: TopListProps) {
  const summary = useQuery(usageSummaryQuery({ range, groupBy }));
  return (
    <Paper p="lg" bg="var(--penstock-surface)" component="section" aria-label={title}>
      <Group justify="space-between" mb="md">
        <Title order={2}>{title}</Title>
        <Anchor
          component={Link}
          to={`/usage?groupBy=${groupBy}&range=${range.preset}`}
          fz="sm"
          aria-label={`${title}: all`}
        >
          All
        </Anchor>
      </Group>
      <QueryGate result={summary}>{(data) => <Bars summary={data} groupBy={groupBy} range={range.preset} />}</QueryGate>
    </Paper>
  );
}

interface BarsProps extends Pick<TopListProps, 'groupBy'> {
  readonly summary: UsageSummary;
  readonly range: string;
}

function Bars({ summary, groupBy, range }: BarsProps) {
  const top = summary.items.toSorted((left, right) => right.requests - left.requests).slice(0, SHOWN);
  const most = top[0]?.requests ?? 1;
  if (top.length === 0) {
    return (
      <Text fz="sm" c="dimmed">
        No requests yet.
      </Text>
    );
  }
  return (
    <Stack gap="sm">
      {top.map((item) => {
        const name = item[groupBy] ?? '(none)';
        const to = `/usage?groupBy=${groupBy}&${groupBy}=${encodeURIComponent(name)}&range=${range}`;
        return (
          <div key={name}>
            <Group justify="space-between" wrap="nowrap" gap="xs" mb={4}>
              <Anchor component={Link} to={to} fz="sm" truncate c="bright">
                {name}
              </Anchor>
              <Text fz="sm" c="dimmed" className="tabular" style={{ whiteSpace: 'nowrap' }}>
                {formatCompact(item.requests)} requests
              </Text>
            </Group>
            <Progress
              value={(item.requests / most) * 100}
              size="xs"
              color="penstock.6"
              aria-label={`Share of ${name}`}
            />
          </div>
        );
      })}
    </Stack>
  );
}
