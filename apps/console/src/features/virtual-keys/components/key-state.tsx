import type { VirtualKey } from '@penstock/contracts';
import { StateBadge, type Tone } from '../../../components/state-badge.tsx';

const TONE: Record<VirtualKey['status']['state'], Tone> = {
  active: 'good',
  disabled: 'neutral',
  expired: 'warning',
  revoked: 'bad',
};

/** Whether a key works. */
export function KeyState({ state }: { readonly state: VirtualKey['status']['state'] }) {
  return <StateBadge tone={TONE[state]} label={state} />;
}
