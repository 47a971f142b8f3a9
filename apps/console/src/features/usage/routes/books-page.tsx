import { Button, Paper, SimpleGrid, Stack, Text } from '@mantine/core';
import type { LedgerDifference, Reconciliation } from '@penstock/contracts';
import { IconScale } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { DataTable } from '../../../components/data-table.tsx';
import { EmptyState } from '../../../components/empty-state.tsx';
import { PageHeader } from '../../../components/page-header.tsx';
import { QueryGate } from '../../../components/query-gate.tsx';
import { RelativeTime } from '../../../components/relative-time.tsx';
import { StateBadge } from '../../../components/state-badge.tsx';
import { StatTile } from '../../../components/stat-tile.tsx';
import { WriteOnly } from '../../../components/write-only.tsx';
import { formatDuration } from '../../../lib/format-duration.ts';
import { formatCount } from '../../../lib/format-number.ts';
import { notifyDone, notifyFailed } from '../../../lib/notify.ts';
import { useOrganizationTimeZone } from '../../settings/api/organization.ts';
import { reconciliationQuery, useReconcile } from '../api/reconciliation.ts';
import { differenceColumns } from '../components/difference-columns.tsx';
import { UsageTabs } from '../components/usage-tabs.tsx';

/** Whether usage events, their sums and the ledgers of limits tell the same. */
export function BooksPage() {
  const last = useQuery(reconciliationQuery);
  const reconcile = useReconcile();
  const checkNow = (
    <WriteOnly>
      <Button
        leftSection={<IconScale size={17} aria-hidden />}
        loading={reconcile.isPending}
        onClick={() =>
          reconcile.mutate(undefined, {
            onSuccess: ({ consistent }) => notifyDone(consistent ? 'The books agree.' : 'The books differ.'),
            onError: notifyFailed,
          })
        }
      >
        Check now
      </Button>
    </WriteOnly>
  );
  return (
    <>
      <PageHeader
        title="Books"
        description="Every request is one event. Reports show sums of events, and limits keep ledgers. This checks that all three tell the same."
        badge={
          last.data && (
            <StateBadge
              tone={last.data.consistent ? 'good' : 'bad'}
              label={last.data.consistent ? 'agree' : 'differ'}
            />
          )
        }
        actions={checkNow}
      />
      <UsageTabs />
      <QueryGate result={last}>
        {(found) =>
          found ? (
            <Result result={found} />
          ) : (
            <Paper bg="var(--penstock-surface)">
              <EmptyState message="The books have not been checked yet." action={checkNow} />
            </Paper>
          )
        }
      </QueryGate>
    </>
  );
}

function Result({ result }: { readonly result: Reconciliation }) {
  const { checkedAt, durationMs, rollups, ledgers, presumedRequests } = result;
  const timeZone = useOrganizationTimeZone();
  return (
    <Stack gap="lg">
      <Text fz="sm" c="dimmed">
        Checked <RelativeTime iso={checkedAt} />, in {formatDuration(durationMs)}.
      </Text>
      <SimpleGrid cols={{ base: 1, xs: 2, lg: 4 }} spacing="md">
        <StatTile label="Sums checked" value={formatCount(rollups.checked)} detail="against their events" />
        <StatTile
          label="Sums that differed"
          value={formatCount(rollups.mismatched)}
          detail={rollups.mismatched > 0 ? 'computed anew' : 'none'}
        />
        <StatTile
          label="Ledgers checked"
          value={formatCount(ledgers.checked)}
          detail={`${formatCount(ledgers.differences.length)} differ`}
        />
        <StatTile
          label="Presumed requests"
          value={formatCount(presumedRequests)}
          detail="in the last day, without an end"
        />
      </SimpleGrid>
      <Paper bg="var(--penstock-surface)">
        <DataTable
          label="Differences"
          columns={differenceColumns(timeZone)}
          rows={ledgers.differences}
          rowKey={keyOf}
          empty={<EmptyState message="Every ledger holds what its events add up to." />}
        />
      </Paper>
    </Stack>
  );
}

function keyOf({ subject, quota, unit, window, windowStart }: LedgerDifference): string {
  return [subject, quota, unit, window, windowStart].join(' ');
}
