import { Group, Progress, Stack, Text } from '@mantine/core';
import type { Limit, LimitStatus } from '@penstock/contracts';
import { RelativeTime } from '../../../components/relative-time.tsx';
import { formatCost } from '../../../lib/format-cost.ts';
import { formatCount } from '../../../lib/format-number.ts';
import { describeLimit } from '../../quotas/components/describe-limit.ts';

/** How much of each limit is used, right now. */
export function LimitBars({ limits }: { readonly limits: readonly LimitStatus[] }) {
  if (limits.length === 0) {
    return (
      <Text fz="sm" c="dimmed">
        No quota limits this key.
      </Text>
    );
  }
  return (
    <Stack gap="md">
      {limits.map((limit) => (
        <LimitBar key={`${limit.subject} ${limit.quota} ${limit.unit} ${limit.window ?? ''}`} limit={limit} />
      ))}
    </Stack>
  );
}

function LimitBar({ limit }: { readonly limit: LimitStatus }) {
  const share = limit.max === 0 ? 100 : Math.min(100, (limit.used / limit.max) * 100);
  const text = describeLimit({ unit: limit.unit as Limit['unit'], max: limit.max, window: windowOf(limit) });
  const amount = limit.unit === 'cost' ? formatCost : formatCount;
  return (
    <div>
      <Group justify="space-between" gap="xs" mb={4}>
        <Text fz="sm" fw={500}>
          {text}
        </Text>
        <Text fz="sm" c="dimmed" className="tabular">
          {amount(limit.used)} used
        </Text>
      </Group>
      <Progress value={share} color={colorOf(share)} size="sm" aria-label={`${limit.quota}: ${text}`} />
      <Text fz="xs" c="dimmed" mt={4}>
        {limit.quota} on {limit.subject}
        {limit.resetsAt && (
          <>
            , resets <RelativeTime iso={limit.resetsAt} />
          </>
        )}
      </Text>
    </div>
  );
}

function windowOf({ window }: LimitStatus): Limit['window'] {
  return (window ?? undefined) as Limit['window'];
}

function colorOf(share: number): string {
  if (share >= 95) return 'red';
  return share >= 75 ? 'yellow' : 'penstock.6';
}
