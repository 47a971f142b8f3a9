import { Paper, SimpleGrid } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { EmptyState } from '../../../components/empty-state.tsx';
import { PageHeader } from '../../../components/page-header.tsx';
import { QueryGate } from '../../../components/query-gate.tsx';
import { newestRevisionQuery } from '../../config-revisions/api/config-revisions.ts';
import { gatewayInstancesQuery } from '../api/gateway-instances.ts';
import { InstanceCard } from '../components/instance-card.tsx';

/** The running gateways. */
export function GatewayInstancesPage() {
  const instances = useQuery(gatewayInstancesQuery);
  const newest = useQuery(newestRevisionQuery).data;
  return (
    <>
      <PageHeader
        title="Gateway instances"
        description="Each gateway applies config by itself and says which revision it serves. A refused revision never stops traffic: the last good one stays."
      />
      <QueryGate result={instances}>
        {({ items }) =>
          items.length === 0 ? (
            <Paper bg="var(--penstock-surface)">
              <EmptyState message="No gateway has reported yet. A gateway shows up here a few seconds after it starts." />
            </Paper>
          ) : (
            <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="lg">
              {items.map((instance) => (
                <InstanceCard key={instance.instanceId} instance={instance} newestRevision={newest?.revision} />
              ))}
            </SimpleGrid>
          )
        }
      </QueryGate>
    </>
  );
}
