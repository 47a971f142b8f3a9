import { SimpleGrid } from '@mantine/core';
import type { UsageTotals } from '@penstock/contracts';
import type { ComponentProps, ReactNode } from 'react';
import { StatTile } from '../../../components/stat-tile.tsx';
import { formatCost } from '../../../lib/format-cost.ts';
import { formatCompact, formatCount, formatShare } from '../../../lib/format-number.ts';

interface UsageTilesProps {
  /** Undefined while loading. */
  readonly totals: UsageTotals | undefined;
  /** More tiles after the usual ones. */
  readonly children?: ReactNode;
  readonly count: number;
}

/** Requests, errors, tokens and cost at a glance. */
export function UsageTiles({ totals, children, count }: UsageTilesProps) {
  const tiles = totals ? tilesOf(totals) : LOADING;
  return (
    <SimpleGrid cols={{ base: 2, md: 3, lg: count }} spacing="md">
      {tiles.map((tile) => (
        <StatTile key={tile.label} {...tile} />
      ))}
      {children}
    </SimpleGrid>
  );
}

const LOADING = ['Requests', 'Errors', 'Input tokens', 'Output tokens', 'Cost'].map((label) => ({
  label,
  value: undefined,
}));

function tilesOf(totals: UsageTotals): ComponentProps<typeof StatTile>[] {
  const { requests, errors, inputTokens, outputTokens, cachedInputTokens, cacheWriteTokens, reasoningTokens } = totals;
  return [
    { label: 'Requests', value: formatCompact(requests), exact: formatCount(requests) },
    { label: 'Errors', value: formatShare(errors, requests), detail: `${formatCount(errors)} requests` },
    {
      label: 'Input tokens',
      value: formatCompact(inputTokens),
      exact: formatCount(inputTokens),
      detail:
        `${formatCompact(cachedInputTokens)} cached` +
        (cacheWriteTokens > 0 ? `, ${formatCompact(cacheWriteTokens)} written to caches` : ''),
    },
    {
      label: 'Output tokens',
      value: formatCompact(outputTokens),
      exact: formatCount(outputTokens),
      detail: `${formatCompact(reasoningTokens)} reasoning`,
    },
    { label: 'Cost', value: costText(totals), detail: unknownText(totals) },
  ];
}

/** Nothing with a price is not the same as free. */
function costText({ costMicroUsd, unknownCostRequests, requests }: UsageTotals): string {
  return requests > 0 && unknownCostRequests === requests ? 'unknown' : formatCost(costMicroUsd);
}

function unknownText({ unknownCostRequests, requests }: UsageTotals): string {
  if (requests === 0) return 'no requests';
  return unknownCostRequests === 0 ? 'every price known' : `${formatCount(unknownCostRequests)} without a price`;
}
