import { Box, Switch, Text, Tooltip } from '@mantine/core';
import type { AlertChannel } from '@penstock/contracts';
import type { Column } from '../../../components/data-table.tsx';
import { RelativeTime } from '../../../components/relative-time.tsx';
import { StateBadge } from '../../../components/state-badge.tsx';
import { notifyFailed } from '../../../lib/notify.ts';
import { usePermissions } from '../../../lib/session.ts';
import { useEnableAlertChannel } from '../api/alert-channels.ts';
import { CHANNEL_TYPES, labelOfKind } from './alert-kinds.ts';

/** The columns of the channels, without their actions. */
export const CHANNEL_COLUMNS: readonly Column<AlertChannel>[] = [
  {
    header: 'Name',
    render: ({ metadata, spec }) => (
      <Box maw={240}>
        <Text fz="sm" fw={550} truncate title={metadata.name}>
          {metadata.name}
        </Text>
        {spec.displayName && (
          <Text fz="xs" c="dimmed" truncate>
            {spec.displayName}
          </Text>
        )}
      </Box>
    ),
  },
  {
    header: 'Type',
    visibleFrom: 'sm',
    render: ({ spec }) => CHANNEL_TYPES.find(({ value }) => value === spec.type)?.label,
  },
  { header: 'Goes to', visibleFrom: 'md', render: targetOf },
  {
    header: 'Alerts',
    visibleFrom: 'lg',
    render: ({ spec }) => spec.kinds?.map(labelOfKind).join(', ') ?? 'all',
  },
  { header: 'Last delivery', visibleFrom: 'sm', render: ({ status }) => <LastDelivery last={status.lastDelivery} /> },
  { header: 'Enabled', render: (channel) => <EnabledSwitch channel={channel} /> },
];

function targetOf({ spec, status }: AlertChannel) {
  const target = spec.type === 'email' ? spec.to.join(', ') : (status.target ?? '–');
  return (
    <Text fz="sm" maw={260} truncate title={target}>
      {target}
    </Text>
  );
}

function LastDelivery({ last }: { readonly last: AlertChannel['status']['lastDelivery'] }) {
  if (!last) {
    return (
      <Text fz="sm" c="dimmed">
        none yet
      </Text>
    );
  }
  const badge = <StateBadge tone={last.state === 'delivered' ? 'good' : 'bad'} label={last.state} />;
  return (
    <>
      {last.error ? (
        <Tooltip label={last.error} multiline maw={320}>
          <span tabIndex={0}>{badge}</span>
        </Tooltip>
      ) : (
        badge
      )}
      <Text fz="xs" c="dimmed" mt={2}>
        <RelativeTime iso={last.at} />
      </Text>
    </>
  );
}

function EnabledSwitch({ channel: { metadata, spec } }: { readonly channel: AlertChannel }) {
  const enable = useEnableAlertChannel();
  const { canWrite } = usePermissions();
  return (
    <Switch
      aria-label={`Enabled: ${metadata.name}`}
      checked={enable.isPending ? enable.variables.enabled : spec.enabled}
      disabled={!canWrite}
      onChange={(event) =>
        enable.mutate({ name: metadata.name, enabled: event.currentTarget.checked }, { onError: notifyFailed })
      }
    />
  );
}
