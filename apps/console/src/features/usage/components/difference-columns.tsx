import { Text } from '@mantine/core';
import type { LedgerDifference } from '@penstock/contracts';
import type { Column } from '../../../components/data-table.tsx';
import { StateBadge, type Tone } from '../../../components/state-badge.tsx';
import { formatCost } from '../../../lib/format-cost.ts';
import { formatCount } from '../../../lib/format-number.ts';
import { formatDateTimeIn } from '../../../lib/format-time.ts';

const OUTCOMES = {
  raised: { tone: 'warning', label: 'raised', help: 'The ledger had less; it was brought up.' },
  presumed: { tone: 'neutral', label: 'presumed', help: 'The ledger has more, for requests that nobody ended.' },
  pending: { tone: 'info', label: 'pending', help: 'Events may still be on their way.' },
} as const satisfies Record<LedgerDifference['outcome'], { tone: Tone; label: string; help: string }>;

function amountOf(unit: string, amount: number): string {
  return unit === 'cost' ? formatCost(amount) : `${formatCount(amount)} ${unit.replace('-', ' ')}`;
}

/** The columns of ledgers that differ from their events. */
export function differenceColumns(timeZone: string): readonly Column<LedgerDifference>[] {
  return [
    {
      header: 'Limit',
      render: ({ subject, quota, window }) => (
        <>
          <Text fz="sm" fw={550}>
            {quota} on {subject}
          </Text>
          <Text fz="xs" c="dimmed">
            per {window}
          </Text>
        </>
      ),
    },
    { header: 'Window from', visibleFrom: 'md', render: ({ windowStart }) => formatDateTimeIn(windowStart, timeZone) },
    { header: 'Ledger', align: 'right', render: ({ unit, ledger }) => amountOf(unit, ledger) },
    { header: 'Events', align: 'right', render: ({ unit, events }) => amountOf(unit, events) },
    {
      header: 'Outcome',
      render: ({ outcome }) => (
        <>
          <StateBadge tone={OUTCOMES[outcome].tone} label={OUTCOMES[outcome].label} />
          <Text fz="xs" c="dimmed" mt={2}>
            {OUTCOMES[outcome].help}
          </Text>
        </>
      ),
    },
  ];
}
