import { Anchor, Group, Paper, SimpleGrid, Text, Title } from '@mantine/core';
import type { GatewayInstance } from '@penstock/contracts';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { QueryGate } from '../../../components/query-gate.tsx';
import { formatCount } from '../../../lib/format-number.ts';
import { gatewayInstancesQuery } from '../../gateway-instances/api/gateway-instances.ts';
import { InstanceState } from '../../gateway-instances/components/instance-state.tsx';

/** The gateways in a line each: state, revision, requests in flight. */
export function GatewayStrip() {
  const instances = useQuery(gatewayInstancesQuery);
  return (
    <Paper p="lg" bg="var(--penstock-surface)" component="section" aria-label="Gateways">
      <Group justify="space-between" mb="md">
        <Title order={2}>Gateways</Title>
        <Anchor component={Link} to="/gateway-instances" fz="sm">
          All gateway instances
        </Anchor>
      </Group>
      <QueryGate result={instances}>
        {({ items }) =>
          items.length === 0 ? (
            <Text fz="sm" c="dimmed">
              No gateway has reported yet.
            </Text>
          ) : (
            <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }}>
              {items.map((instance) => (
                <InstanceLine key={instance.instanceId} instance={instance} />
              ))}
            </SimpleGrid>
          )
        }
      </QueryGate>
    </Paper>
  );
}

function InstanceLine({ instance }: { readonly instance: GatewayInstance }) {
  return (
    <Paper p="sm">
      <Group justify="space-between" wrap="nowrap" gap="xs">
        <Text fw={550} fz="sm" truncate title={instance.instanceId}>
          {instance.instanceId}
        </Text>
        <InstanceState instance={instance} />
      </Group>
      <Text fz="sm" c="dimmed" mt={4} className="tabular">
        revision {formatCount(instance.appliedRevision)}, {formatCount(instance.inFlight)} in flight
      </Text>
    </Paper>
  );
}
