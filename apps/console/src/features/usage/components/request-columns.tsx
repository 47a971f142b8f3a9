import { Text } from '@mantine/core';
import type { UsageEvent } from '@penstock/contracts';
import type { Column } from '../../../components/data-table.tsx';
import { RelativeTime } from '../../../components/relative-time.tsx';
import { formatDuration } from '../../../lib/format-duration.ts';
import { formatCount } from '../../../lib/format-number.ts';
import { costOfRequest } from './cost-of-request.ts';
import { OutcomeBadge } from './outcome-badge.tsx';

/** The columns of single requests. */
export const REQUEST_COLUMNS: readonly Column<UsageEvent>[] = [
  { header: 'When', render: ({ occurredAt }) => <RelativeTime iso={occurredAt} /> },
  { header: 'Outcome', render: (event) => <OutcomeBadge {...event} /> },
  {
    header: 'Key',
    visibleFrom: 'sm',
    render: ({ virtualKeyName, userTag }) => (
      <>
        {virtualKeyName ?? '–'}
        {userTag && (
          <Text fz="xs" c="dimmed" maw={160} truncate title={userTag}>
            {userTag}
          </Text>
        )}
      </>
    ),
  },
  {
    header: 'Model',
    visibleFrom: 'md',
    render: ({ requestedModel, upstreamModel }) => (
      <>
        {requestedModel}
        {upstreamModel && upstreamModel !== requestedModel && (
          <Text fz="xs" c="dimmed" maw={170} truncate title={upstreamModel}>
            served by {upstreamModel}
          </Text>
        )}
      </>
    ),
  },
  {
    header: 'Tokens',
    align: 'right',
    visibleFrom: 'lg',
    render: ({ usage }) => (
      <>
        {formatCount(usage.inputTokens)} in
        <Text fz="xs" c="dimmed" component="div">
          {formatCount(usage.outputTokens)} out
        </Text>
      </>
    ),
  },
  {
    header: 'First token',
    align: 'right',
    visibleFrom: 'xl',
    render: ({ firstTokenMs }) => formatDuration(firstTokenMs),
  },
  { header: 'Duration', align: 'right', visibleFrom: 'md', render: ({ durationMs }) => formatDuration(durationMs) },
  { header: 'Cost', align: 'right', render: costOfRequest },
];
