import { Alert, Group, List, Paper, Stack, Text, Title } from '@mantine/core';
import type { GatewayInstance } from '@penstock/contracts';
import { IconAlertTriangle } from '@tabler/icons-react';
import { FactList } from '../../../components/fact-list.tsx';
import { RelativeTime } from '../../../components/relative-time.tsx';
import { formatDuration } from '../../../lib/format-duration.ts';
import { formatCount } from '../../../lib/format-number.ts';
import { InstanceState } from './instance-state.tsx';

interface InstanceCardProps {
  readonly instance: GatewayInstance;
  /** The newest revision that any gateway may apply. */
  readonly newestRevision: number | undefined;
}

/** Everything a gateway says about itself. */
export function InstanceCard({ instance, newestRevision }: InstanceCardProps) {
  const { instanceId, hostname, pid, refusal, quarantined } = instance;
  return (
    <Paper p="lg" bg="var(--penstock-surface)" component="section" aria-label={`Gateway ${instanceId}`}>
      <Group justify="space-between" mb="md" align="flex-start">
        <div>
          <Title order={2} style={{ overflowWrap: 'anywhere' }}>
            {instanceId}
          </Title>
          <Text fz="sm" c="dimmed">
            {hostname}, process {pid}
          </Text>
        </div>
        <InstanceState instance={instance} />
      </Group>
      <Stack gap="md">
        <FactList facts={factsOf(instance, newestRevision)} />
        {refusal && (
          <Alert
            color="red"
            variant="light"
            icon={<IconAlertTriangle aria-hidden />}
            title={`Refused revision ${refusal.revision}`}
          >
            {refusal.reason}
          </Alert>
        )}
        {quarantined.length > 0 && (
          <Alert
            color="yellow"
            variant="light"
            icon={<IconAlertTriangle aria-hidden />}
            title="Left out because they are invalid"
          >
            <List fz="sm">
              {quarantined.map(({ kind, name, reason }) => (
                <List.Item key={`${kind}/${name}`}>
                  {kind} {name}: {reason}
                </List.Item>
              ))}
            </List>
          </Alert>
        )}
      </Stack>
    </Paper>
  );
}

function factsOf(instance: GatewayInstance, newestRevision: number | undefined) {
  const newest = newestRevision === undefined || instance.current ? '' : ` of ${formatCount(newestRevision)}`;
  return [
    { label: 'Applied revision', value: `${formatCount(instance.appliedRevision)}${newest}` },
    { label: 'Applied', value: <RelativeTime iso={instance.appliedAt} /> },
    { label: 'Last heartbeat', value: `${formatDuration(instance.stalenessMs)} ago` },
    { label: 'Requests in flight', value: formatCount(instance.inFlight) },
    {
      label: 'Limits',
      value: instance.limiterDegraded ? 'held locally, Redis is not reachable' : 'held across all gateways',
    },
    { label: 'Usage waiting', value: `${formatCount(instance.spooledEvents)} events` },
    { label: 'Version', value: instance.version },
    { label: 'Running since', value: <RelativeTime iso={instance.startedAt} /> },
  ];
}
