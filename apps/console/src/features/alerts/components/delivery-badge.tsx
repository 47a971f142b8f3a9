import type { AlertDelivery } from '@penstock/contracts';
import { StateBadge, type Tone } from '../../../components/state-badge.tsx';

const TONES = { pending: 'info', delivered: 'good', failed: 'bad' } as const satisfies Record<
  AlertDelivery['state'],
  Tone
>;

interface DeliveryBadgeProps {
  readonly delivery: AlertDelivery;
  /** Whether the channel's name stands before the state. */
  readonly named?: boolean;
}

/** How far a delivery has come; one that failed before and is tried again says so. */
export function DeliveryBadge({ delivery: { channel, state, attempts }, named = false }: DeliveryBadgeProps) {
  const retrying = state === 'pending' && attempts > 0;
  const label = retrying ? 'retrying' : state;
  return <StateBadge tone={retrying ? 'warning' : TONES[state]} label={named ? `${channel}: ${label}` : label} />;
}
