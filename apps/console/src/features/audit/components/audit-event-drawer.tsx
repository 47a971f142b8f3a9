import { Code, Drawer, Stack, Table, Text, Title } from '@mantine/core';
import type { AuditEvent } from '@penstock/contracts';
import { FactList } from '../../../components/fact-list.tsx';
import { formatExactTime } from '../../../lib/format-time.ts';
import { diffDocuments } from './document-diff.ts';

interface AuditEventDrawerProps {
  /** The event to show; null keeps the drawer closed. */
  readonly event: AuditEvent | null;
  readonly onClose: () => void;
}

/** One change in full: who, when, from where, and what became of each field. */
export function AuditEventDrawer({ event, onClose }: AuditEventDrawerProps) {
  return (
    <Drawer opened={event !== null} onClose={onClose} position="right" size="lg" title={event ? titleOf(event) : ''}>
      {event && (
        <Stack gap="lg">
          <FactList
            facts={[
              { label: 'When', value: formatExactTime(event.occurredAt) },
              { label: 'By', value: `${event.actor} (${event.actorKind})` },
              { label: 'From', value: event.address },
              { label: 'Request', value: <Code>{event.requestId}</Code> },
            ]}
          />
          <Changes event={event} />
        </Stack>
      )}
    </Drawer>
  );
}

/** `update LlmProvider lab-vllm` */
export function titleOf({ action, resourceKind, resourceName }: AuditEvent): string {
  return [action, resourceKind, resourceName].filter(Boolean).join(' ');
}

function Changes({ event }: { readonly event: AuditEvent }) {
  const changes = diffDocuments(event.before, event.after);
  if (changes.length === 0) return <Text c="dimmed">No field was changed.</Text>;
  return (
    <div>
      <Title order={2} mb="xs">
        Fields
      </Title>
      <Table aria-label="Changed fields" layout="fixed" verticalSpacing="xs">
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">Field</Table.Th>
            <Table.Th scope="col">Before</Table.Th>
            <Table.Th scope="col">After</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {changes.map(({ path, before, after }) => (
            <Table.Tr key={path}>
              <Table.Td fz="xs" style={{ overflowWrap: 'anywhere' }}>
                {path}
              </Table.Td>
              <Value text={before} />
              <Value text={after} />
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}

function Value({ text }: { readonly text: string | undefined }) {
  return (
    <Table.Td fz="xs" style={{ overflowWrap: 'anywhere' }}>
      {text === undefined ? (
        <Text span fz="xs" c="dimmed">
          –
        </Text>
      ) : (
        <Code>{text}</Code>
      )}
    </Table.Td>
  );
}
