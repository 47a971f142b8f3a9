import { Anchor, Code, Text } from '@mantine/core';
import type { ExplainedLimit, ExplainedPolicy, ExplainedTarget } from '@penstock/contracts';
import { Link } from 'react-router';
import type { Column } from '../../../components/data-table.tsx';
import { StateBadge } from '../../../components/state-badge.tsx';
import { formatCost } from '../../../lib/format-cost.ts';
import { formatCount } from '../../../lib/format-number.ts';
import { describeLimit } from '../../quotas/components/describe-limit.ts';

const RUNS = { yes: 'good', no: 'neutral', depends: 'warning' } as const;

export const POLICY_COLUMNS: readonly Column<ExplainedPolicy>[] = [
  {
    header: 'Policy',
    render: ({ name }) => (
      <Anchor component={Link} to={`/policies/${name}`} fz="sm">
        {name}
      </Anchor>
    ),
  },
  { header: 'Where', visibleFrom: 'sm', render: ({ where }) => where ?? '–' },
  {
    header: 'Runs',
    render: ({ runs }) => <StateBadge tone={RUNS[runs]} label={runs === 'depends' ? 'it depends' : runs} />,
  },
  { header: 'Why', render: ({ why, condition }) => <Reason why={why} condition={condition} /> },
];

function Reason({ why, condition }: Pick<ExplainedPolicy, 'why' | 'condition'>) {
  return (
    <>
      <Text fz="sm">{why}</Text>
      {condition && <Code>{condition}</Code>}
    </>
  );
}

export const TARGET_COLUMNS: readonly Column<ExplainedTarget>[] = [
  { header: 'Target', render: ({ alias, model }) => `${alias}/${model}` },
  { header: 'Upstream model', visibleFrom: 'md', render: ({ upstreamModel }) => upstreamModel ?? '–' },
  { header: 'Priority', align: 'right', render: ({ priority }) => priority },
  {
    header: 'Share',
    align: 'right',
    render: ({ share }) => (share === null ? '–' : `${Math.round(share * 100)} %`),
  },
  {
    header: 'Price of a million',
    align: 'right',
    visibleFrom: 'sm',
    render: ({ price }) =>
      price ? `${formatCost(price.inputPerMillion)} / ${formatCost(price.outputPerMillion)}` : 'unknown',
  },
  {
    header: 'How',
    render: ({ leftOut, dialect, translated }) =>
      leftOut ? `left out: ${leftOut}` : `${dialect ?? ''}${translated ? ', translated' : ', as it is'}`,
  },
];

export const LIMIT_COLUMNS: readonly Column<ExplainedLimit>[] = [
  {
    header: 'Limit',
    render: (limit) => (
      <>
        <Text fz="sm">{describeLimit({ ...limit, window: limit.window ?? undefined })}</Text>
        <Text fz="xs" c="dimmed">
          {limit.subject}: {limit.quota}
        </Text>
      </>
    ),
  },
  { header: 'Takes', align: 'right', render: (limit) => amountOf(limit, limit.charge) },
  {
    header: 'Left',
    align: 'right',
    render: (limit) => (limit.live ? amountOf(limit, limit.live.remaining) : 'unknown'),
  },
  { header: 'Fits', render: (limit) => <Fit limit={limit} /> },
];

function Fit({ limit: { fits, onExceeded, mode } }: { readonly limit: ExplainedLimit }) {
  if (fits) return <StateBadge tone="good" label="yes" />;
  if (mode === 'shadow') return <StateBadge tone="neutral" label="no, only counted" />;
  return typeof onExceeded === 'object' ? (
    <StateBadge tone="warning" label={`no: to ${onExceeded.route}`} />
  ) : (
    <StateBadge tone="bad" label="no" />
  );
}

function amountOf({ unit }: ExplainedLimit, amount: number): string {
  return unit === 'cost' ? formatCost(amount) : formatCount(amount);
}
