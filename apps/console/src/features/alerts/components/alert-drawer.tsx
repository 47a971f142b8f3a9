import { Drawer, Paper, Progress, Stack, Text, Title } from '@mantine/core';
import type { Alert, AlertDelivery, Limit } from '@penstock/contracts';
import { FactList } from '../../../components/fact-list.tsx';
import { RelativeTime } from '../../../components/relative-time.tsx';
import { formatCost } from '../../../lib/format-cost.ts';
import { formatCount } from '../../../lib/format-number.ts';
import { formatDateTimeIn } from '../../../lib/format-time.ts';
import { describeLimit } from '../../quotas/components/describe-limit.ts';
import { useOrganizationTimeZone } from '../../settings/api/organization.ts';
import { labelOfKind } from './alert-kinds.ts';
import { DeliveryBadge } from './delivery-badge.tsx';

interface AlertDrawerProps {
  /** The alert to show; null keeps the drawer closed. */
  readonly alert: Alert | null;
  readonly onClose: () => void;
}

/** One alert in full, with what became of each delivery. */
export function AlertDrawer({ alert, onClose }: AlertDrawerProps) {
  const timeZone = useOrganizationTimeZone();
  return (
    <Drawer opened={alert !== null} onClose={onClose} position="right" size="lg" title={alert?.title ?? ''}>
      {alert && (
        <Stack gap="lg">
          <FactList
            facts={[
              { label: 'Fired', value: formatDateTimeIn(alert.firedAt, timeZone) },
              { label: 'Kind', value: labelOfKind(alert.kind) },
              { label: 'About', value: alert.subject },
            ]}
          />
          {alert.limit && <LimitFacts limit={alert.limit} timeZone={timeZone} />}
          <Deliveries deliveries={alert.deliveries} />
        </Stack>
      )}
    </Drawer>
  );
}

interface LimitFactsProps {
  readonly limit: NonNullable<Alert['limit']>;
  readonly timeZone: string;
}

function LimitFacts({ limit, timeZone }: LimitFactsProps) {
  const { quota, max, used, thresholdPercent, windowStart, windowEnd } = limit;
  const unit = limit.unit as Limit['unit'];
  const amount = unit === 'cost' ? formatCost : formatCount;
  const text = describeLimit({ unit, max, window: limit.window as Limit['window'] });
  return (
    <Stack gap="sm" component="section" aria-label="Limit">
      <Title order={2}>Limit</Title>
      <Progress
        value={Math.min(100, (used / max) * 100)}
        color={used >= max ? 'red' : 'yellow'}
        aria-label={`Used of ${quota}: ${text}`}
      />
      <FactList
        facts={[
          { label: 'Quota', value: `${quota}: ${text}` },
          { label: 'Used then', value: `${amount(used)} of ${amount(max)}` },
          { label: 'Threshold', value: `${thresholdPercent}%` },
          {
            label: 'Window',
            value: `${formatDateTimeIn(windowStart, timeZone)} to ${formatDateTimeIn(windowEnd, timeZone)}`,
          },
        ]}
      />
    </Stack>
  );
}

function Deliveries({ deliveries }: { readonly deliveries: readonly AlertDelivery[] }) {
  return (
    <Stack gap="sm" component="section" aria-label="Deliveries">
      <Title order={2}>Deliveries</Title>
      {deliveries.length === 0 && (
        <Text fz="sm" c="dimmed">
          No channel was there to be told.
        </Text>
      )}
      {deliveries.map((delivery) => (
        <Paper key={delivery.channel} p="md">
          <FactList
            facts={[
              { label: 'Channel', value: delivery.channel },
              { label: 'State', value: <DeliveryBadge delivery={delivery} /> },
              { label: 'Attempts', value: formatCount(delivery.attempts) },
              ...(delivery.deliveredAt
                ? [{ label: 'Delivered', value: <RelativeTime iso={delivery.deliveredAt} /> }]
                : []),
              ...(delivery.nextAttemptAt
                ? [{ label: 'Next attempt', value: <RelativeTime iso={delivery.nextAttemptAt} /> }]
                : []),
              ...(delivery.lastError ? [{ label: 'Last error', value: delivery.lastError }] : []),
            ]}
          />
        </Paper>
      ))}
    </Stack>
  );
}
