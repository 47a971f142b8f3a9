import { Alert, Anchor, List, Text } from '@mantine/core';
import type { UsageTotals } from '@penstock/contracts';
import { IconInfoCircle } from '@tabler/icons-react';
import { Link } from 'react-router';
import { formatCount } from '../../../lib/format-number.ts';

/** What the figures do not know for certain, and why; nothing where they know everything. */
export function UsageCaveats({ totals }: { readonly totals: UsageTotals }) {
  const { estimatedRequests, unknownCostRequests } = totals;
  if (estimatedRequests === 0 && unknownCostRequests === 0) return null;
  return (
    <Alert
      color="yellow"
      variant="light"
      icon={<IconInfoCircle aria-hidden />}
      title="Not everything is known"
      role="note"
    >
      <List fz="sm" spacing={4}>
        {unknownCostRequests > 0 && (
          <List.Item>
            <Text fz="sm">
              {requestsOf(unknownCostRequests)} no known cost: their models had no price. They are missing in the cost,
              not free.{' '}
              <Anchor component={Link} to="/unpriced-models" fz="sm" underline="always">
                Models without a price
              </Anchor>
            </Text>
          </List.Item>
        )}
        {estimatedRequests > 0 && (
          <List.Item>
            <Text fz="sm">
              {requestsOf(estimatedRequests)} tokens that no upstream reported: they were estimated, or presumed after a
              gateway had died.
            </Text>
          </List.Item>
        )}
      </List>
    </Alert>
  );
}

function requestsOf(count: number): string {
  return count === 1 ? '1 request has' : `${formatCount(count)} requests have`;
}
