import { Anchor, Table, Text } from '@mantine/core';
import type { UsageGroup, UsageSummary, UsageTotals } from '@penstock/contracts';
import type { ReactNode } from 'react';
import { DataTable, type Column } from '../../../components/data-table.tsx';
import { EmptyState } from '../../../components/empty-state.tsx';
import { formatCost } from '../../../lib/format-cost.ts';
import { formatDuration } from '../../../lib/format-duration.ts';
import { formatCount, formatShare } from '../../../lib/format-number.ts';
import { UNNAMED } from './chart-series.ts';
import { GROUPS } from './usage-range.ts';

type Row = UsageSummary['items'][number];

interface UsageTableProps {
  readonly groupBy: UsageGroup;
  readonly summary: UsageSummary | undefined;
  /** Narrows the view to one name. */
  readonly onPick: (name: string) => void;
}

const FIGURES: readonly {
  readonly header: string;
  readonly of: (totals: UsageTotals) => ReactNode;
  readonly visibleFrom?: 'sm' | 'md' | 'lg' | 'xl';
}[] = [
  { header: 'Requests', of: ({ requests }) => formatCount(requests) },
  {
    header: 'Errors',
    of: ({ errors, requests }) => (errors === 0 ? '0' : `${formatCount(errors)} (${formatShare(errors, requests)})`),
    visibleFrom: 'sm',
  },
  { header: 'Input tokens', of: ({ inputTokens }) => formatCount(inputTokens) },
  { header: 'Cached', of: ({ cachedInputTokens }) => formatCount(cachedInputTokens), visibleFrom: 'lg' },
  { header: 'Cache writes', of: ({ cacheWriteTokens }) => formatCount(cacheWriteTokens), visibleFrom: 'xl' },
  { header: 'Output tokens', of: ({ outputTokens }) => formatCount(outputTokens) },
  { header: 'Reasoning', of: ({ reasoningTokens }) => formatCount(reasoningTokens), visibleFrom: 'xl' },
  { header: 'First token', of: ({ averageFirstTokenMs }) => formatDuration(averageFirstTokenMs), visibleFrom: 'xl' },
  { header: 'Duration', of: ({ averageDurationMs }) => formatDuration(averageDurationMs), visibleFrom: 'md' },
  { header: 'Cost', of: costOf },
];

/** The exact figures of each name, and their sum. */
export function UsageTable({ groupBy, summary, onPick }: UsageTableProps) {
  const label = GROUPS.find(({ value }) => value === groupBy)?.label ?? 'Name';
  const columns: Column<Row>[] = [
    { header: label, render: (row) => <Name name={row[groupBy] ?? null} onPick={onPick} /> },
    ...FIGURES.map(({ header, of, visibleFrom }) => ({
      header,
      align: 'right' as const,
      render: (row: Row) => of(row),
      ...(visibleFrom ? { visibleFrom } : {}),
    })),
  ];
  return (
    <DataTable
      label={`Usage by ${label.toLowerCase()}`}
      columns={columns}
      rows={summary?.items}
      rowKey={(row) => row[groupBy] ?? UNNAMED}
      empty={<EmptyState message="No request finished in this range. Usage appears a few seconds after a request." />}
      footer={summary && <TotalRow totals={summary.total} omitted={summary.omittedItems} />}
    />
  );
}

interface TotalRowProps {
  readonly totals: UsageTotals;
  /** Names that have no row of their own but count here. */
  readonly omitted: number;
}

function TotalRow({ totals, omitted }: TotalRowProps) {
  return (
    <Table.Tr>
      <Table.Th scope="row">
        Total
        {omitted > 0 && (
          <Text fz="xs" c="dimmed">
            with {formatCount(omitted)} more
          </Text>
        )}
      </Table.Th>
      {FIGURES.map(({ header, of, visibleFrom }) => (
        <Table.Td key={header} ta="right" fw={600} {...(visibleFrom ? { visibleFrom } : {})}>
          {of(totals)}
        </Table.Td>
      ))}
    </Table.Tr>
  );
}

function Name({ name, onPick }: { readonly name: string | null; readonly onPick: (name: string) => void }) {
  if (!name) return <Text c="dimmed">{UNNAMED}</Text>;
  return (
    <Anchor
      component="button"
      type="button"
      onClick={() => onPick(name)}
      fz="sm"
      fw={550}
      maw={240}
      truncate
      display="block"
      title={`Show only ${name}`}
    >
      {name}
    </Anchor>
  );
}

/** Cost, and how many requests are missing in it because their price is unknown. */
function costOf({ costMicroUsd, unknownCostRequests, requests }: UsageTotals): ReactNode {
  if (unknownCostRequests === 0) return formatCost(costMicroUsd);
  if (unknownCostRequests === requests) return 'unknown';
  return (
    <>
      {formatCost(costMicroUsd)}
      <Text fz="xs" c="dimmed" component="div" style={{ whiteSpace: 'nowrap' }}>
        + {formatCount(unknownCostRequests)} unpriced
      </Text>
    </>
  );
}
